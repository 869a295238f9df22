import type { Kind } from "../../kinds/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { decodeObject, readObject } from "../object-store.ts";
import type { ServerContext } from "../server-context.ts";
import { internalError, notFound } from "../status.ts";

/** A kind of the core group, or of another one: in its first version. */
export function kindNamed({ kinds }: Pick<ServerContext, "kinds">, plural: string, group = ""): Kind {
  const kind = kinds.byResource(group, "v1", plural);
  if (!kind) throw internalError(`${plural} are not served`);
  return kind;
}

export function readNamed(
  context: ServerContext,
  plural: string,
  place: { readonly namespace: string; readonly name: string },
): KubeObject {
  const kind = kindNamed(context, plural);
  const stored = readObject(context.store, kind, place);
  if (!stored) throw notFound(kind, place.name);
  return decodeObject(kind, stored);
}
