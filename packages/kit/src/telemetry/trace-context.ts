import { randomFillSync } from "node:crypto";

/** What W3C Trace Context carries from service to service. */
export interface TraceContext {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
  readonly state?: string;
}

const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const stateCharactersMax = 512;

/** Undefined for a header that breaks the rules: then a new trace begins, as the specification wants. */
export function parseTraceparent(header: string | undefined, state?: string): TraceContext | undefined {
  const match = header === undefined ? null : traceparent.exec(header);
  if (!match) return undefined;
  const [, version = "", traceId = "", spanId = "", flags = "", more] = match;
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  const keepState = state !== undefined && state !== "" && state.length <= stateCharactersMax;
  return { traceId, spanId, sampled, ...(keepState ? { state } : {}) };
}

export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? "01" : "00"}`;
}

const page = Buffer.alloc(4_096);
let digits = "";
let used = 0;

/** Random hexadecimal digits, drawn from the system a page at a time. No 16 of them in a row are zeros. */
export function randomHex(bytes: 8 | 24): string {
  const end = used + bytes * 2;
  if (end > digits.length) {
    digits = randomFillSync(page).toString("hex");
    used = 0;
    return randomHex(bytes);
  }
  const hex = digits.slice(used, end);
  used = end;
  return hex.includes("0000000000000000") ? randomHex(bytes) : hex;
}
