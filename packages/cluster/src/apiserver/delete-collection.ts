import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf } from "../kinds/index.ts";
import { namespaceOf, type Call } from "./call.ts";
import { deleteObject, deleteOptionsOf } from "./delete.ts";
import { deletionsAtOnce } from "./limits.ts";
import { listOptionsOf } from "./list-options.ts";
import { listed, readPage } from "./list.ts";
import { formOf } from "./negotiate.ts";
import { decodeObject } from "./object-store.ts";
import { answerValue } from "./respond.ts";
import { selectionOf } from "./selectors.ts";
import type { ServerContext } from "./server-context.ts";
import { ApiError } from "./status.ts";

/** DELETE of a collection: each of its objects as if it alone were deleted. */
export async function removeCollection(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { kind, request } = call;
  const options = await deleteOptionsOf(call);
  const page = readPage(context.store, call, listOptionsOf(request.query, "list"), selectionOf(kind, request.query));
  const objects = page.values.map((value) => decodeObject(kind, value));
  const items: unknown[] = [];
  for (let at = 0; at < objects.length; at += deletionsAtOnce) {
    const deleted = await Promise.all(
      objects.slice(at, at + deletionsAtOnce).map(async (object) => {
        const namespace = object.metadata.namespace ?? namespaceOf(call);
        const place = { ...call, info: { ...call.info, namespace, name: object.metadata.name ?? "" } };
        try {
          return (await deleteObject(context, place, object.metadata.name ?? "", options)).object;
        } catch (error) {
          // Somebody else was faster.
          if (error instanceof ApiError && error.code === 404) return undefined;
          throw error;
        }
      }),
    );
    items.push(...deleted.filter((object) => object !== undefined).map((object) => listed(kind, object)));
  }
  const body = {
    kind: kind.listKind ?? `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(page.revision) },
    items,
  };
  return answerValue(body, { status: 200, form: formOf(request, "error"), warnings: call.warnings });
}
