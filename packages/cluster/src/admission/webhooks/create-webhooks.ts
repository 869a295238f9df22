import type { AdmissionRequest, AdmissionStep, RemoteAdmission } from "../admission.ts";
import { isExempt, ruledKind } from "../matching/match-rules.ts";
import { ask, invocationOf, type WebhookSurroundings } from "./ask.ts";
import { askMutating } from "./mutating-webhooks.ts";
import { matchOf, webhooksOf, type Webhook } from "./webhook-objects.ts";

/** Admission by others, over HTTPS. */
export function createWebhooks(around: WebhookSurroundings, mutating: readonly AdmissionStep[]): RemoteAdmission {
  const changing = webhooksOf(around.objects, "mutating");
  const judging = webhooksOf(around.objects, "validating");
  const isMeant = (request: Omit<AdmissionRequest, "object" | "old">) => (webhook: Webhook) =>
    ruledKind(around.kinds, matchOf(webhook), request) !== undefined;
  return {
    isAsked: (request) => !isExempt(request) && (changing().some(isMeant(request)) || judging().some(isMeant(request))),
    mutate: async (request) => {
      if (isExempt(request)) return;
      const lookAgain = (): void => {
        for (const step of mutating) step(request);
      };
      await askMutating(around, changing(), { request, lookAgain });
    },
    validate: async (request) => {
      if (isExempt(request)) return;
      const invocations = judging().flatMap((webhook) => invocationOf(around, webhook, request) ?? []);
      const refusals: unknown[] = [];
      // All at once; of several refusals the one is told that came first. Kubernetes happens to begin with the last.
      await Promise.all(
        invocations.toReversed().map(async (invocation) => {
          try {
            await ask(around, invocation, { request, mayPatch: false });
          } catch (error) {
            refusals.push(error);
          }
        }),
      );
      if (refusals.length > 0) throw refusals[0];
    },
  };
}
