import type { ApiResponse } from "../api/api-exchange.ts";
import { namespaceOf, type Call } from "./call.ts";
import { isCached } from "./cached-kinds.ts";
import { checkVersion, checkVersionOfCache, tooLargeVersion } from "./list-options.ts";
import { formOfCall } from "./negotiate.ts";
import { decodeObject, isStoredAsAsked, readObject } from "./object-store.ts";
import { answerObject, answerText, isPlain } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { notFound } from "./status.ts";

/** GET of one object. What is stored is the answer, byte by byte, unless another form is asked for. */
export async function get(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { kind, info } = call;
  const form = formOfCall(call);
  checkFreshness(context, call);
  const stored = readObject(context.store, kind, { namespace: namespaceOf(call), name: info.name });
  if (!stored) throw notFound(kind, info.name);
  if (isPlain(form) && isStoredAsAsked(kind))
    return answerText(stored.value, { status: 200, type: form.contentType, warnings: call.warnings });
  return answerObject(call, decodeObject(kind, stored));
}

/** The version asked for is the oldest that will do; there is none but the newest. */
function checkFreshness({ store }: ServerContext, { kind, request }: Call): void {
  const version = request.query.get("resourceVersion") ?? "";
  if (version === "") return;
  if (isCached(kind)) checkVersionOfCache(version);
  else checkVersion(version);
  if (Number(version) > store.revision) throw tooLargeVersion(Number(version), store.revision, isCached(kind));
}
