import type { ApiResponse } from "../api/api-exchange.ts";
import { namespaceOf, type Call } from "./call.ts";
import { formOfCall } from "./negotiate.ts";
import { decodeObject, isStoredAsAsked, readObject } from "./object-store.ts";
import { answerObject, answerText, isPlain } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { badRequest, notFound } from "./status.ts";

/** GET of one object. What is stored is the answer, byte by byte, unless another form is asked for. */
export async function get(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { kind, info, request } = call;
  const form = formOfCall(call);
  checkVersion(request.query);
  const stored = readObject(context.store, kind, { namespace: namespaceOf(call), name: info.name });
  if (!stored) throw notFound(kind, info.name);
  if (isPlain(form) && isStoredAsAsked(kind))
    return answerText(stored.value, { status: 200, type: form.contentType, warnings: call.warnings });
  return answerObject(call, decodeObject(kind, stored));
}

function checkVersion(query: URLSearchParams): void {
  const version = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(version))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
}
