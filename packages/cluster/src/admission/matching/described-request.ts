import { convertVersion } from "../../apiserver/convert-version.ts";
import { scaleOf } from "../../apiserver/scale.ts";
import { apiVersionOf, type Kind } from "../../kinds/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest } from "../admission.ts";

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** A request in the words of reviews, and in the version that a rule asks for. */
export interface DescribedRequest {
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly requestKind: GroupVersionKind;
  readonly requestResource: GroupVersionResource;
  readonly subresource: string;
  /** Of a namespace itself: its name. */
  readonly namespace: string;
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

/** `as` is the kind of the version that a rule names; what was asked for when left out. */
export function describeRequest(request: AdmissionRequest, as: Kind = request.kind): DescribedRequest {
  const { kind, objectKind, subresource, object, old } = request;
  const isScale = subresource === "scale";
  const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
  const kindOf = (of: Kind): GroupVersionKind =>
    isScale ? scale : (objectKind ?? { group: of.group, version: of.version, kind: of.kind });
  const shown = (each: KubeObject | undefined): KubeObject | undefined => {
    if (!each) return undefined;
    if (isScale && each.kind !== "Scale") return scaleOf(kind, each);
    return as === kind || objectKind ? each : convertVersion(each, apiVersionOf(as));
  };
  return {
    kind: kindOf(as),
    resource: { group: as.group, version: as.version, resource: as.plural },
    requestKind: kindOf(kind),
    requestResource: { group: kind.group, version: kind.version, resource: kind.plural },
    subresource,
    namespace: namespaceOf(request),
    object: shown(object),
    old: shown(old),
  };
}

export function namespaceOf({ kind, namespace, name, object }: AdmissionRequest): string {
  return kind.group === "" && kind.plural === "namespaces" ? name || (object?.metadata.name ?? "") : namespace;
}
