import { qosClassOf } from "../../kinds/pod-spec/qos-class.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { PodSpec as TypedPodSpec } from "../../schema/data/types/core-v1.ts";
import type { PodObject, PodSpec } from "../pod-shape.ts";

export interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether an object is among those that a quota with this scope is about. Only pods and claims have scopes. */
export function isInScope(plural: string, object: KubeObject, scope: Scope): boolean {
  if (plural === "pods") return isPodInScope((object as PodObject).spec, scope);
  if (plural !== "persistentvolumeclaims" || scope.scopeName !== "VolumeAttributesClass") return false;
  const { spec = {}, status = {} } = object as KubeObject & {
    spec?: { volumeAttributesClassName?: string };
    status?: {
      currentVolumeAttributesClassName?: string;
      modifyVolumeStatus?: { targetVolumeAttributesClassName?: string };
    };
  };
  const names = [
    spec.volumeAttributesClassName,
    status.currentVolumeAttributesClassName,
    status.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name !== undefined && name !== "");
  return scope.operator === "Exists"
    ? names.length > 0
    : (names.length > 0 ? names : [undefined]).some((name) => fits(name, scope));
}

function isPodInScope(spec: PodSpec, scope: Scope): boolean {
  const isTerminating = spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
  switch (scope.scopeName) {
    case "Terminating":
      return isTerminating;
    case "NotTerminating":
      return !isTerminating;
    case "BestEffort":
      return isBestEffort(spec);
    case "NotBestEffort":
      return !isBestEffort(spec);
    case "PriorityClass":
      return scope.operator === "Exists"
        ? Boolean(spec.priorityClassName)
        : fits(spec.priorityClassName || undefined, scope);
    case "CrossNamespacePodAffinity":
      return reachesOut(spec);
    default:
      return false;
  }
}

function isBestEffort(spec: PodSpec): boolean {
  return qosClassOf(spec as unknown as TypedPodSpec) === "BestEffort";
}

function fits(name: string | undefined, { scopeName, operator, values = [] }: Scope): boolean {
  const requirement = { key: scopeName, operator: operator as "In", values };
  return matchesSelector({ matchExpressions: [requirement] }, name === undefined ? {} : { [scopeName]: name });
}

/** Whether a pod wants to be near to, or far from, those of other namespaces. */
function reachesOut({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((terms) =>
    [
      ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || Boolean(namespaceSelector)),
  );
}
