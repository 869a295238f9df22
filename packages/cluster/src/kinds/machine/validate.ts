import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { Namespace, Node, Taint } from "../../schema/data/types/core-v1.ts";
import type { RuntimeClass } from "../../schema/data/types/node-v1.ts";
import type { PriorityClass } from "../../schema/data/types/scheduling-v1.ts";
import { validateAmount, validateResources } from "../pod-spec/validate-resources.ts";
import { validateTolerations } from "../pod-spec/validate-scheduling.ts";
import { parseBlock, validateBlock } from "../validation/addresses.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { positive } from "../validation/numbers.ts";
import { sortedEntries, validateLabels } from "../validation/labels.ts";
import { dnsLabel, labelValue, qualifiedName } from "../validation/names.ts";

const PRIORITY_MAX = 1_000_000_000;
const SYSTEM_PREFIX = "system-";
const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const systemPriorities: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

export function validateNode(node: Node): FieldError[] {
  const { swap } = node.status.nodeInfo;
  return [
    ...validateTaints(node.spec.taints ?? []),
    ...validateNodeResources(node),
    ...(swap?.capacity !== undefined ? positive(swap.capacity, "metadata.nodeSwapStatus.capacity") : []),
    ...validatePodBlocks(node.spec.podCIDRs ?? [], "spec.podCIDRs"),
  ];
}

function validatePodBlocks(blocks: readonly string[], field: string): FieldError[] {
  const errors = blocks.flatMap((block, index) => validateBlock(block, `${field}[${index}]`));
  if (blocks.length < 2) return errors;
  const families = blocks.map((block) => parseBlock(block)?.family);
  const unknown = families.indexOf(undefined);
  if (unknown !== -1) {
    const why = `invalid CIDR[${unknown}]: <nil> (invalid CIDR address: ${blocks[unknown]})`;
    const message = `Internal error: invalid PodCIDRs. failed to check with dual stack with error:${why}`;
    errors.push({ reason: "InternalError", field, message });
  }
  if (unknown !== -1 || blocks.length > 2 || new Set(families).size < 2)
    errors.push(invalid(field, blocks, "may specify no more than one CIDR for each IP family"));
  return errors;
}

/** Of the node and of its status, which are looked at in the same way. */
export function validateNodeChange(next: Node, current: Node): FieldError[] {
  const errors = validateNodeResources(next);
  const seen = new Set<string>();
  for (const [index, address] of (next.status.addresses ?? []).entries()) {
    const key = JSON.stringify(address);
    const shown = { Type: address.type, Address: address.address };
    if (seen.has(key)) errors.push(duplicate(`status.addresses[${index}]`, shown));
    seen.add(key);
  }
  const once = (field: string, name: string): FieldError =>
    forbidden(`spec.${field}`, `node updates may not change ${name} except from "" to valid`);
  const blocks = current.spec.podCIDRs ?? [];
  if (blocks.length > 0 && !equalJson(next.spec.podCIDRs, blocks)) errors.push(once("podCIDRs", "podCIDR"));
  if (current.spec.providerID && next.spec.providerID !== current.spec.providerID)
    errors.push(once("providerID", "providerID"));
  errors.push(...validateTaints(next.spec.taints ?? []));
  if ((next.spec.externalID ?? "") !== (current.spec.externalID ?? ""))
    errors.push(forbidden("spec.externalID", "may not be updated"));
  return errors;
}

function validateNodeResources({ status }: Node): FieldError[] {
  return (["capacity", "allocatable"] as const).flatMap((list) =>
    sortedEntries(status[list]).flatMap(([name, amount]) => validateAmount(name, amount, `status.${list}.${name}`)),
  );
}

function validateTaints(taints: readonly Taint[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const { key, value = "", effect } = taint;
    const place = `metadata.taints[${index}]`;
    const errors = eachInvalid(`${place}.key`, key, qualifiedName(key));
    const wrong = labelValue(value);
    if (wrong.length > 0) errors.push(invalid(`${place}.value`, value, wrong.join(";")));
    if (effect === "") errors.push(required(`${place}.effect`));
    else if (!taintEffects.includes(effect)) errors.push(notSupported(`${place}.effect`, effect, taintEffects));
    const pair = `${effect} ${key}`;
    if (seen.has(pair)) {
      const shown = { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null };
      const error = duplicate(place, shown);
      errors.push({ ...error, message: `${error.message}: taints must be unique by key and effect pair` });
    }
    seen.add(pair);
    return errors;
  });
}

const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

export function validateNamespace({ spec }: Namespace): FieldError[] {
  const place = "spec.finalizers";
  return (spec.finalizers ?? []).flatMap((name) => [
    ...eachInvalid(place, name, qualifiedName(name)),
    ...(name.includes("/") || standardFinalizers.has(name)
      ? []
      : [invalid(place, name, "name is neither a standard finalizer name nor is it fully qualified")]),
  ]);
}

export function validateNamespaceStatus({ metadata, status }: Namespace): FieldError[] {
  const { phase = "" } = status;
  if (metadata.deletionTimestamp === undefined)
    return phase === "Active"
      ? []
      : [invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty")];
  return phase === "Terminating"
    ? []
    : [invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
}

export function validateRuntimeClass({ handler, overhead, scheduling }: RuntimeClass): FieldError[] {
  const errors = eachInvalid("handler", handler, dnsLabel(handler));
  if (overhead) errors.push(...validateResources({ limits: overhead.podFixed ?? {} }, "overhead"));
  if (!scheduling) return errors;
  errors.push(...validateLabels(scheduling.nodeSelector, "scheduling.nodeSelector"));
  const tolerations = scheduling.tolerations ?? [];
  errors.push(...validateTolerations(tolerations, "scheduling.tolerations"));
  const seen = new Set<string>();
  for (const [index, toleration] of tolerations.entries()) {
    const { key = "", operator = "", value = "", effect = "", tolerationSeconds = null } = toleration;
    const own = JSON.stringify([key, operator, value, effect]);
    const shown = { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: tolerationSeconds };
    if (seen.has(own)) errors.push(duplicate(`scheduling.tolerations[${index}]`, shown));
    seen.add(own);
  }
  return errors;
}

export function validateRuntimeClassUpdate(next: RuntimeClass, current: RuntimeClass): FieldError[] {
  return immutable(next.handler, current.handler, "handler");
}

export function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  const { metadata, value, globalDefault = false, preemptionPolicy: policy } = priorityClass;
  const name = metadata.name ?? "";
  const errors: FieldError[] = [];
  if (name.startsWith(SYSTEM_PREFIX)) {
    const why = systemFault(name, value, globalDefault);
    const detail = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${why}`;
    if (why !== undefined) errors.push(forbidden("metadata.name", detail));
  } else if (value > PRIORITY_MAX)
    errors.push(forbidden("value", `maximum allowed value of a user defined priority is ${PRIORITY_MAX}`));
  const policies = ["PreemptLowerPriority", "Never"];
  if (policy === "") errors.push(required("preemptionPolicy"));
  else if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported("preemptionPolicy", policy, policies));
  return errors;
}

function systemFault(name: string, value: number, globalDefault: boolean): string | undefined {
  const expected = Object.hasOwn(systemPriorities, name) ? systemPriorities[name] : undefined;
  if (expected === undefined) return `${name} is not a known system priority class`;
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export function validatePriorityClassUpdate(next: PriorityClass, current: PriorityClass): FieldError[] {
  const errors = next.value === current.value ? [] : [forbidden("value", "may not be changed in an update.")];
  return [...errors, ...immutable(next.preemptionPolicy, current.preemptionPolicy, "preemptionPolicy")];
}
