import type { Kind, KindRegistry } from "../../kinds/index.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { StoredObjects } from "../stored-objects.ts";
import type { ParamKind, ParamRef } from "./policy-objects.ts";

/** The objects that a binding hands to its policy, or why there are none. */
export type Params = { readonly kind: "found"; readonly params: readonly (KubeObject | undefined)[] } | Failure;

interface Failure {
  readonly kind: "failed";
  readonly message: string;
}

export function paramKindOf(kinds: KindRegistry, { apiVersion, kind }: ParamKind): Kind | string {
  const known = kinds.byKind(apiVersion, kind);
  return known ?? `failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`;
}

export function paramsOf(
  objects: StoredObjects,
  kind: Kind | undefined,
  { ref, namespace }: { readonly ref: ParamRef | undefined; readonly namespace: string },
): Params {
  if (!kind || !ref) return { kind: "found", params: [undefined] };
  const place = placeOf(kind, ref, namespace);
  if (typeof place !== "string") return place;
  const of = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
  const found = ref.name
    ? [objects.get(of, place, ref.name)].filter((each) => each !== undefined)
    : objects.list(of, place).filter(({ metadata }) => matchesSelector(ref.selector ?? {}, metadata.labels));
  if (found.length === 0 && ref.parameterNotFoundAction === "Deny")
    return { kind: "failed", message: "no params found for policy binding with `Deny` parameterNotFoundAction" };
  return { kind: "found", params: found };
}

function placeOf(kind: Kind, { namespace = "" }: ParamRef, ofRequest: string): string | Failure {
  if (!kind.namespaced)
    return namespace === ""
      ? ""
      : { kind: "failed", message: "paramRef.namespace must not be provided for a cluster-scoped `paramKind`" };
  if (namespace !== "" || ofRequest !== "") return namespace || ofRequest;
  return {
    kind: "failed",
    message: "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
  };
}
