import { createHmac, timingSafeEqual } from "node:crypto";
import { limits } from "./limits.ts";

export interface SignedMessage {
  readonly id: string;
  readonly timestamp: string;
  /** Several, with spaces between them, while the provider changes its secret. */
  readonly signatures: string;
  readonly body: Uint8Array;
}

/** Whether the provider sent it, just now (Standard Webhooks, version 1). */
export function isSigned(message: SignedMessage, secret: string, nowMs: number): boolean {
  const age = Math.abs(nowMs / 1_000 - Number(message.timestamp));
  if (!/^\d{1,12}$/.test(message.timestamp) || age > limits.webhookToleranceSeconds) return false;
  const wanted = createHmac("sha256", secret)
    .update(`${message.id}.${message.timestamp}.`)
    .update(message.body)
    .digest();
  return message.signatures.split(" ").some((each) => {
    const given = each.startsWith("v1,") ? Buffer.from(each.slice(3), "base64") : Buffer.alloc(0);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
