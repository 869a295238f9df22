import { compareQuantities } from "../../object/quantity.ts";
import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { Amounts, PodObject, Toleration } from "../pod-shape.ts";
import { isAbout, refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";

interface RuntimeClass extends KubeObject {
  overhead?: { readonly podFixed?: Amounts };
  scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

/** What running a pod in its way costs besides, and where it can. */
export function runtimeClass(objects: StoredObjects): {
  readonly mutate: AdmissionStep;
  readonly validate: AdmissionStep;
} {
  return {
    mutate: (request) => {
      if (!isMeant(request)) return;
      const { spec } = request.object as PodObject;
      const chosen = classOf(objects, request);
      if (chosen?.overhead) {
        const { podFixed = {} } = chosen.overhead;
        if (Object.keys(spec.overhead ?? {}).length > 0 && !isSame(podFixed, spec.overhead))
          throw otherOverhead(request);
        spec.overhead = { ...podFixed };
      }
      if (chosen?.scheduling) schedule(request, spec, chosen.scheduling);
    },
    validate: (request) => {
      if (!isMeant(request)) return;
      const { overhead } = (request.object as PodObject).spec;
      const chosen = classOf(objects, request);
      if (chosen?.overhead) {
        if (!isSame(chosen.overhead.podFixed ?? {}, overhead)) throw otherOverhead(request);
      } else if (overhead !== undefined)
        throw refused(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    },
  };
}

function isMeant(request: AdmissionRequest): boolean {
  return request.operation === "CREATE" && isAbout(request, "pods") && request.object !== undefined;
}

function classOf(objects: StoredObjects, request: AdmissionRequest): RuntimeClass | undefined {
  const { runtimeClassName: name } = (request.object as PodObject).spec;
  if (name === undefined) return undefined;
  const known = objects.get<RuntimeClass>("runtimeclasses.node.k8s.io", "", name);
  if (!known) throw refused(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return known;
}

function otherOverhead(request: AdmissionRequest): Error {
  return refused(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

function isSame(left: Amounts, right: Amounts | undefined): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right ?? {})]);
  return [...names].every(
    (name) =>
      left[name] !== undefined && right?.[name] !== undefined && compareQuantities(left[name], right[name]) === 0,
  );
}

function schedule(
  request: AdmissionRequest,
  spec: PodObject["spec"],
  { nodeSelector = {}, tolerations = [] }: NonNullable<RuntimeClass["scheduling"]>,
): void {
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value)
      throw refused(
        request,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  const all = [...(spec.tolerations ?? []), ...tolerations];
  const merged = all.filter((each, index) => !isRedundant(each, all, index));
  if (merged.length > 0) spec.tolerations = merged;
}

/** Of two that say the same the first is kept, otherwise the one that tolerates more. */
function isRedundant(each: Toleration, all: readonly Toleration[], index: number): boolean {
  return all.some(
    (other, at) =>
      at !== index &&
      (equalJson(each, other) ? at < index : tolerates(other, each) && !(at > index && tolerates(each, other))),
  );
}

/** Whether one tolerates all that the other does. */
function tolerates(more: Toleration, less: Toleration): boolean {
  if (less.key !== more.key && (more.key || more.operator !== "Exists")) return false;
  if (less.effect !== more.effect && more.effect) return false;
  if (more.effect === "NoExecute" && more.tolerationSeconds !== undefined)
    if (less.tolerationSeconds === undefined || less.tolerationSeconds > more.tolerationSeconds) return false;
  return more.operator === "Exists" || (less.operator === "Equal" && (less.value ?? "") === (more.value ?? ""));
}
