import { internalError } from "../../apiserver/status.ts";
import { convertVersion } from "../../apiserver/convert-version.ts";
import { equalJson, type JsonObject } from "../../object/json-value.ts";
import { apiVersionOf, type Kind } from "../../kinds/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { applyJsonPatch, PatchError } from "../../patch/index.ts";
import { decodeParsed } from "../../schema/index.ts";
import type { AdmissionRequest } from "../admission.ts";
import { ask, invocationOf, passedOver, type Invocation, type WebhookSurroundings } from "./ask.ts";
import type { ReviewAnswer } from "./review.ts";
import type { Webhook } from "./webhook-objects.ts";

/**
 * Asks the webhooks one after the other, each with what those before it have changed. When one changes something, all that changes
 * objects without asking has another look, and so have the webhooks before it that want to.
 */
export async function askMutating(
  around: WebhookSurroundings,
  webhooks: readonly Webhook[],
  { request, lookAgain }: { readonly request: AdmissionRequest; readonly lookAgain: () => void },
): Promise<void> {
  const asked = new Set<Webhook>();
  const again = new Set<Webhook>();
  let isChanged = false;
  const round = async (among: readonly Webhook[], isFirst: boolean): Promise<void> => {
    for (const webhook of among) {
      const invocation = invocationOf(around, webhook, request);
      if (!invocation || (!isFirst && !again.has(webhook))) continue;
      const answer = await ask(around, invocation, { request, mayPatch: true });
      if (answer?.patch !== undefined && patched(around, request, invocation, answer)) {
        isChanged = true;
        for (const each of asked) again.add(each);
        asked.clear();
      }
      if (webhook.reinvocationPolicy === "IfNeeded") asked.add(webhook);
    }
  };
  await round(webhooks, true);
  if (!isChanged || !request.object) return;
  const before = structuredClone(request.object);
  lookAgain();
  if (!equalJson(before, request.object)) for (const each of asked) again.add(each);
  await round(webhooks, false);
}

/** Whether it changed anything. */
function patched(
  around: WebhookSurroundings,
  request: AdmissionRequest,
  { webhook, kind, described }: Invocation,
  { patch = "", patchType }: ReviewAnswer,
): boolean {
  const operations = patchIn(patch);
  if (typeof operations === "string") {
    passedOver(around, webhook, `received undecodable patch in webhook response: ${operations}`);
    return false;
  }
  if (operations.length === 0) return false;
  const { object } = request;
  if (!object || !described.object)
    throw internalError(
      `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`,
    );
  if (patchType !== "JSONPatch") {
    passedOver(around, webhook, `unsupported patch type ${JSON.stringify(patchType)}`);
    return false;
  }
  const next = convertVersion(typed(kind, applied(described.object, operations)), apiVersionOf(request.kind));
  if (equalJson(next, object)) return false;
  for (const field of Object.keys(object)) if (!Object.hasOwn(next, field)) delete object[field];
  Object.assign(object, next);
  return true;
}

function patchIn(text: string): readonly unknown[] | string {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (Array.isArray(value)) return value;
  const what = typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${what} into Go value of type jsonpatch.Patch`;
}

function applied(object: KubeObject, operations: readonly unknown[]): JsonObject {
  try {
    return applyJsonPatch(object, operations) as JsonObject;
  } catch (error) {
    if (error instanceof PatchError) throw internalError(error.message);
    throw error;
  }
}

/** As its kind reads it, with what is left out filled in. */
function typed(kind: Kind, value: JsonObject): KubeObject {
  const read = kind.custom?.decode;
  const { object } = decodeParsed(kind.schema, value, { typeName: kind.kind, ...(read ? { read } : {}) });
  const next = { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind } as unknown as KubeObject;
  kind.strategy.setDefaults(next);
  return next;
}
