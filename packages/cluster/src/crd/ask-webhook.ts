import { callWebhook } from "../admission/webhooks/call-webhook.ts";
import type { AskConversion } from "./conversion.ts";
import { answerBytesMax, webhookTimeoutSeconds } from "./limits.ts";

/** Where the processes behind a service listen. */
export type ResolveService = (
  namespace: string,
  name: string,
  port: number,
) => { readonly host: string; readonly port: number } | undefined;

/** Asks a conversion webhook over HTTPS, in the way in which webhooks of admission are asked. */
export function askConversionOver(resolve: ResolveService): AskConversion {
  return (webhook, review) =>
    callWebhook({
      config: webhook,
      body: JSON.stringify(review),
      seconds: webhookTimeoutSeconds,
      findService: (namespace, name, port) =>
        resolve(namespace, name, port) ?? `no endpoints available for service ${JSON.stringify(name)}`,
      answerBytesMax,
    });
}
