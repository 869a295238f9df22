import { ApiError, badRequest, internalError } from "../../apiserver/status.ts";
import type { Kind, KindRegistry } from "../../kinds/index.ts";
import type { AdmissionRequest } from "../admission.ts";
import { holds } from "../expressions/conditions.ts";
import { inputsOf, type Authorize } from "../expressions/inputs.ts";
import { describeRequest, namespaceOf, type DescribedRequest } from "../matching/described-request.ts";
import { isChosen, ruledKind } from "../matching/match-rules.ts";
import { refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { callWebhook, WebhookCallError, type FindService } from "./call-webhook.ts";
import { secondsByDefault } from "./limits.ts";
import { answerIn, reviewOf, reviewVersion, type ReviewAnswer, type ReviewResult } from "./review.ts";
import { conditionsOf, matchOf, type Webhook } from "./webhook-objects.ts";

export interface WebhookSurroundings {
  readonly objects: StoredObjects;
  readonly kinds: KindRegistry;
  readonly authorize: Authorize;
  readonly findService: FindService;
  readonly log: (line: string) => void;
}

/** What is asked of a webhook, in the version that its rules name. */
export interface Invocation {
  readonly webhook: Webhook;
  readonly kind: Kind;
  readonly described: DescribedRequest;
}

/** Undefined when the webhook is not to be asked. Throws when that can't be found out and the webhook is strict. */
export function invocationOf(
  { objects, kinds, authorize }: WebhookSurroundings,
  webhook: Webhook,
  request: AdmissionRequest,
): Invocation | undefined {
  const match = matchOf(webhook);
  if (!isChosen(objects, match, request)) return undefined;
  const kind = ruledKind(kinds, match, request);
  if (!kind) return undefined;
  const described = describeRequest(request, kind);
  const conditions = conditionsOf(webhook);
  if (conditions.length === 0) return { webhook, kind, described };
  const namespace = objects.get("namespaces", "", namespaceOf(request));
  const held = holds(conditions, inputsOf({ request, described, namespace, authorize }));
  if (held.kind === "all") return { webhook, kind, described };
  if (held.kind === "failed" && webhook.failurePolicy !== "Ignore") throw refused(request, held.message);
  return undefined;
}

/** The answer of a webhook that lets the request through; undefined when it gave none and may be passed over. */
export async function ask(
  around: WebhookSurroundings,
  { webhook, described }: Invocation,
  { request, mayPatch }: { readonly request: AdmissionRequest; readonly mayPatch: boolean },
): Promise<ReviewAnswer | undefined> {
  const { name, sideEffects } = webhook;
  if (request.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun")
    throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  const answer = await answered(around, { webhook, described }, request, mayPatch);
  if (typeof answer === "string") return passedOver(around, webhook, answer);
  for (const [key, value] of Object.entries(answer.auditAnnotations))
    request.auditAnnotations[`${name}/${key}`] = value;
  request.warnings.push(...answer.warnings);
  if (!answer.allowed) throw denied(name, answer.result);
  return answer;
}

/** A text says why there is no answer. */
async function answered(
  { findService }: WebhookSurroundings,
  { webhook, described }: Pick<Invocation, "webhook" | "described">,
  request: AdmissionRequest,
  mayPatch: boolean,
): Promise<ReviewAnswer | string> {
  const version = reviewVersion(webhook.admissionReviewVersions ?? []);
  if (version === undefined)
    return "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)";
  const review = reviewOf(request, described, version);
  const seconds = webhook.timeoutSeconds ?? secondsByDefault;
  try {
    const body = await callWebhook({ config: webhook.clientConfig, body: review.body, seconds, findService });
    const answer = answerIn(body, review, mayPatch);
    return typeof answer === "string" ? `received invalid webhook response: ${answer}` : answer;
  } catch (error) {
    if (error instanceof WebhookCallError) return `failed to call webhook: ${error.message}`;
    throw error;
  }
}

export function passedOver({ log }: WebhookSurroundings, { name, failurePolicy }: Webhook, why: string): undefined {
  const message = `failed calling webhook ${JSON.stringify(name)}: ${why}`;
  if (failurePolicy !== "Ignore") throw internalError(message);
  log(`${message}; it is passed over`);
  return undefined;
}

function denied(name: string, { code = 0, reason = "", message = "", details }: ReviewResult = {}): ApiError {
  const by = `admission webhook ${JSON.stringify(name)} denied the request`;
  const text = message || reason;
  const sentence = text === "" ? `${by} without explanation` : `${by}: ${text}`;
  return new ApiError(Math.max(400, code), reason, sentence, details);
}
