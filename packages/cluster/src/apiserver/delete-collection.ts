import type { ApiResponse } from "../api/api-exchange.ts";
import type { Call } from "./call.ts";
import { deleteOptionsOf, type DeleteOptions } from "./delete-options.ts";
import { deleteObject } from "./delete.ts";
import { deletionsAtOnce } from "./limits.ts";
import { listWishOf } from "./list-options.ts";
import { answerList, answerValues, readPage } from "./list.ts";
import { decodeObject, isStoredAsAsked, placeOf } from "./object-store.ts";
import type { ServerContext } from "./server-context.ts";
import { ApiError } from "./status.ts";

async function removeMember(context: ServerContext, call: Call, key: string, options: DeleteOptions): Promise<void> {
  const place = placeOf(call.kind, key);
  try {
    await deleteObject(context, { ...call, info: { ...call.info, ...place } }, place.name, options);
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
  }
}

/** DELETE of a collection: each of its objects as if it alone were deleted. */
export async function removeCollection(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { kind, request } = call;
  const { options: listed, selection } = listWishOf(kind, request.query, "list");
  const options = await deleteOptionsOf(call);
  const page = readPage(context.store, call, listed, selection);
  // Whoever has to be asked what they look like in another version is asked before they go.
  const objects = isStoredAsAsked(kind) ? undefined : page.values.map((value) => decodeObject(kind, value));
  for (let at = 0; at < page.values.length; at += deletionsAtOnce)
    await Promise.all(
      page.values.slice(at, at + deletionsAtOnce).map(({ key }) => removeMember(context, call, key, options)),
    );
  // As they were when they were listed.
  const metadata = { resourceVersion: String(page.revision) };
  return objects ? answerList(call, objects, metadata) : answerValues(call, page.values, metadata);
}
