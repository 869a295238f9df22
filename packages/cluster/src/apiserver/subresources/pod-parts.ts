import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { qosClassOf } from "../../kinds/pod-spec/qos-class.ts";
import { validatePodSpec } from "../../kinds/pod-spec/validate.ts";
import type { Pod as TypedPod } from "../../schema/data/types/core-v1.ts";
import type { SubresourceHandler } from "../server-context.ts";
import { withStrategy } from "./other-strategy.ts";

interface Pod extends KubeObject {
  spec: PodSpec;
  status?: {
    containerStatuses?: readonly { readonly state?: { readonly running?: unknown }; readonly resources?: unknown }[];
  };
}

interface PodSpec {
  /** None before it is validated that there are some. */
  containers: Container[] | null;
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  resources?: Resources;
  os?: { readonly name?: string };
}

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly resources?: Resources;
  readonly resizePolicy?: unknown;
}

interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

type Containers = readonly Container[] | null | undefined;

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** Containers to look into a pod with: they come, and never change or go. */
export const ephemeralContainers: SubresourceHandler = withStrategy(["get", "update", "patch"], (kind) => ({
  prepareForUpdate: (next, current) => {
    const { ephemeralContainers: wanted } = (next as Pod).spec;
    const { ephemeralContainers: _, ...spec } = (current as Pod).spec;
    replace(next, { ...current, spec: { ...spec, ...(wanted ? { ephemeralContainers: wanted } : {}) } });
    kind.strategy.prepareForUpdate(next, current);
  },
  validateUpdate: (next, current) => {
    if (isMirror(current)) return [forbidden("", "static pods do not support ephemeral containers")];
    const wanted = (next as Pod).spec.ephemeralContainers ?? [];
    const errors = ((current as Pod).spec.ephemeralContainers ?? []).flatMap((before) => {
      const after = wanted.find(({ name }) => name === before.name);
      const name = JSON.stringify(before.name);
      if (!after)
        return [forbidden("spec.ephemeralContainers", `existing ephemeral containers ${name} may not be removed\n`)];
      return equalJson(after, before)
        ? []
        : [forbidden("spec.ephemeralContainers", `existing ephemeral containers ${name} may not be changed\n`)];
    });
    return [...specFaults(next), ...errors];
  },
}));

/** What the containers of a running pod get. */
export const resize: SubresourceHandler = withStrategy(["get", "update", "patch"], (kind) => ({
  prepareForUpdate: (next, current) => {
    const wanted = (next as Pod).spec;
    const before = (current as Pod).spec;
    const containers = resized(wanted.containers, before.containers);
    const initContainers = resized(wanted.initContainers, before.initContainers);
    const spec =
      containers && initContainers
        ? {
            ...before,
            containers,
            ...(before.initContainers ? { initContainers } : {}),
            ...(wanted.resources ? { resources: wanted.resources } : {}),
          }
        : wanted;
    replace(next, { ...current, spec });
    kind.strategy.prepareForUpdate(next, current);
  },
  validateUpdate: (next, current) => resizeFaults(next as Pod, current as Pod),
}));

/** Undefined when containers came, went or have other names. */
function resized(next: Containers, current: Containers): Container[] | undefined {
  const [wanted, before] = [next ?? [], current ?? []];
  if (wanted.length !== before.length || wanted.some(({ name }, index) => name !== before[index]?.name))
    return undefined;
  return before.map((each, index) => {
    const { resources, resizePolicy } = wanted[index] ?? {};
    const { resources: _, resizePolicy: __, ...rest } = each;
    return {
      ...rest,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  });
}

/** In place: the verbs hand on the object that they prepared. */
function replace(object: KubeObject, wanted: KubeObject): void {
  const { metadata } = object;
  for (const field of Object.keys(object)) if (!Object.hasOwn(wanted, field)) delete object[field];
  const { managedFields, resourceVersion } = metadata;
  Object.assign(object, wanted, {
    metadata: {
      ...wanted.metadata,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(managedFields === undefined ? {} : { managedFields }),
    },
  });
}

function resizeFaults(next: Pod, current: Pod): readonly FieldError[] {
  if (isMirror(current)) return [forbidden("", "static pods cannot be resized")];
  if (current.spec.os?.name === "windows") return [forbidden("", "windows pods cannot be resized")];
  const errors = [...specFaults(next)];
  const before = (current as unknown as TypedPod).spec;
  const qosClass = qosClassOf((next as unknown as TypedPod).spec);
  if (qosClass !== qosClassOf(before))
    errors.push({
      reason: "FieldValueInvalid",
      field: "spec",
      message: `Invalid value: ${JSON.stringify(qosClassOf(before))}: Pod QOS Class may not change as a result of resizing`,
    });
  const running = current.status?.containerStatuses?.find(({ state }) => state?.running);
  if (running && running.resources === undefined)
    errors.push(forbidden("spec", "Pod running on node without support for resize"));
  const order = [
    ...orderFaults("containers", next.spec.containers, current.spec.containers),
    ...orderFaults("initContainers", next.spec.initContainers, current.spec.initContainers),
  ];
  if (order.length > 0) return [...errors, ...order];
  return [
    ...errors,
    ...containerFaults("initContainers", next.spec.initContainers, current.spec.initContainers),
    ...containerFaults("containers", next.spec.containers, current.spec.containers),
  ];
}

function orderFaults(field: string, after: Containers, before: Containers): readonly FieldError[] {
  const [next, current] = [after ?? [], before ?? []];
  if (next.length !== current.length)
    return [forbidden(`spec.${field}`, `${field} may not be added or removed on resize`)];
  return current.flatMap(({ name }, index) =>
    next[index]?.name === name
      ? []
      : [forbidden(`spec.${field}[${index}].name`, `${field} may not be renamed or reordered on resize`)],
  );
}

function containerFaults(
  field: "containers" | "initContainers",
  next: Containers,
  current: Containers,
): readonly FieldError[] {
  return (current ?? []).flatMap((before, index) => {
    const after = next?.[index]?.resources ?? {};
    const own = before.resources ?? {};
    const isSidecar = field === "initContainers" && before.restartPolicy === "Always";
    if (field === "initContainers" && !isSidecar)
      return equalJson(after, own)
        ? []
        : [forbidden("spec", "resources for non-sidecar init containers are immutable")];
    const place = `spec.${field}[${index}].resources`;
    const which = isSidecar ? "only cpu and memory resources for sidecar containers" : "only cpu and memory resources";
    return [
      ...(isLess(after.requests, own.requests)
        ? [forbidden(`${place}.requests`, "resource requests cannot be removed")]
        : []),
      ...(isLess(after.limits, own.limits) ? [forbidden(`${place}.limits`, "resource limits cannot be removed")] : []),
      ...(equalJson(others(after), others(own)) ? [] : [forbidden("spec", `${which} are mutable`)]),
    ];
  });
}

function isLess(after: Resources["requests"] = {}, before: Resources["requests"] = {}): boolean {
  return Object.keys(before).some((name) => !Object.hasOwn(after, name));
}

function others({ requests = {}, limits = {}, ...rest }: Resources): unknown {
  const fixed = (amounts: Readonly<Record<string, string>>): unknown =>
    Object.fromEntries(Object.entries(amounts).filter(([name]) => name !== "cpu" && name !== "memory"));
  return { ...rest, requests: fixed(requests), limits: fixed(limits) };
}

function specFaults(pod: KubeObject): FieldError[] {
  return validatePodSpec((pod as unknown as TypedPod).spec, "spec");
}

function isMirror({ metadata }: KubeObject): boolean {
  return Object.hasOwn(metadata.annotations ?? {}, mirrorAnnotation);
}

function forbidden(field: string, why: string): FieldError {
  return { reason: "FieldValueForbidden", field: field === "" ? "<nil>" : field, message: `Forbidden: ${why}` };
}
