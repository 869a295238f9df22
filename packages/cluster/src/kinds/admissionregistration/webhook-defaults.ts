import type {
  MatchResources,
  MutatingWebhook,
  ValidatingWebhook,
} from "../../schema/data/types/admissionregistration-v1.ts";

const HTTPS_PORT = 443;
const TIMEOUT_SECONDS = 10;

export function setWebhookDefaults(webhook: ValidatingWebhook | MutatingWebhook): void {
  webhook.failurePolicy ??= "Fail";
  webhook.matchPolicy ??= "Equivalent";
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= TIMEOUT_SECONDS;
  for (const rule of webhook.rules ?? []) rule.scope ??= "*";
  if (webhook.clientConfig.service) webhook.clientConfig.service.port ??= HTTPS_PORT;
}

export function setMatchDefaults(match: MatchResources): void {
  match.matchPolicy ??= "Equivalent";
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= "*";
}
