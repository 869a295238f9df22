import type { ApiResponse } from "../api/api-exchange.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { namespaceOf, type Call } from "./call.ts";
import { deleteOptionsOf, type DeleteOptions } from "./delete-options.ts";
import { deleteObject } from "./delete.ts";
import { deletionsAtOnce } from "./limits.ts";
import { listOptionsOf } from "./list-options.ts";
import { answerList, readPage } from "./list.ts";
import { decodeObject } from "./object-store.ts";
import { selectionOf } from "./selectors.ts";
import type { ServerContext } from "./server-context.ts";
import { ApiError } from "./status.ts";

async function removeMember(
  context: ServerContext,
  call: Call,
  { metadata: { name = "", namespace = namespaceOf(call) } }: KubeObject,
  options: DeleteOptions,
): Promise<void> {
  const place = { ...call, info: { ...call.info, namespace, name } };
  try {
    await deleteObject(context, place, name, options);
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
  }
}

/** DELETE of a collection: each of its objects as if it alone were deleted. */
export async function removeCollection(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { kind, request } = call;
  const [listed, selection] = [listOptionsOf(request.query, "list"), selectionOf(kind, request.query)];
  const options = await deleteOptionsOf(call);
  const page = readPage(context.store, call, listed, selection);
  const objects = page.values.map((value) => decodeObject(kind, value));
  for (let at = 0; at < objects.length; at += deletionsAtOnce)
    await Promise.all(
      objects.slice(at, at + deletionsAtOnce).map((object) => removeMember(context, call, object, options)),
    );
  // As they were when they were listed.
  return answerList(call, objects, { resourceVersion: String(page.revision) });
}
