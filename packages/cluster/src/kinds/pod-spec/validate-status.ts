import { isIP } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import type { Container, ContainerStatus, Pod, PodSpec } from "../../schema/data/types/core-v1.ts";
import { validateAddress } from "../validation/addresses.ts";
import { eachInvalid, forbidden, invalid } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { dnsSubdomain, qualifiedName } from "../validation/names.ts";
import { validatePodAnnotations } from "./validate-update.ts";

const ownConditions = new Set(["PodScheduled", "Ready", "Initialized"]);
const NOT_NEGATIVE = "must be a non-negative integer";

export function validatePodStatus(next: Pod, current: Pod): FieldError[] {
  const { status, spec } = next;
  const errors = validatePodAnnotations(next, current);
  for (const [index, { type, observedGeneration = 0 }] of (status.conditions ?? []).entries()) {
    const place = `status.conditions[${index}]`;
    if (observedGeneration < 0) errors.push(invalid(`${place}.observedGeneration`, observedGeneration, NOT_NEGATIVE));
    if (!ownConditions.has(type)) errors.push(...eachInvalid(`${place}.Type`, type, qualifiedName(type)));
  }
  const nominated = status.nominatedNodeName ?? "";
  if (nominated !== "" && nominated !== current.status.nominatedNodeName) {
    errors.push(...eachInvalid("status.nominatedNodeName", nominated, dnsSubdomain(nominated)));
    if (current.spec.nodeName)
      errors.push(forbidden("status.nominatedNodeName", "may not be set on pods that are already bound to a node"));
  }
  const generation = status.observedGeneration ?? 0;
  if (generation < 0) errors.push(invalid("status.observedGeneration", generation, NOT_NEGATIVE));
  errors.push(...immutable(status.qosClass, current.status.qosClass, "status.qosClass"));
  for (const list of ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const) {
    const containers =
      list === "ephemeralContainerStatuses"
        ? undefined
        : list === "containerStatuses"
          ? spec.containers
          : spec.initContainers;
    const lists = { next: status[list] ?? [], current: current.status[list] ?? [] };
    errors.push(...validateTransitions(lists, containers ?? undefined, spec, `status.${list}`));
  }
  const addresses = (status.podIPs ?? []).map(({ ip }) => ip);
  errors.push(...addresses.flatMap((ip, index) => validateAddress(ip, `status.podIPs[${index}]`)));
  const isMixed = new Set(addresses.map(isIP)).size === addresses.length;
  if (addresses.length > 1 && !isMixed)
    errors.push(invalid("status.podIPs", status.podIPs, "may specify no more than one IP for each IP family"));
  return errors;
}

/** What ended stays so, unless it is started again. */
function validateTransitions(
  lists: { readonly next: readonly ContainerStatus[]; readonly current: readonly ContainerStatus[] },
  containers: readonly Container[] | undefined,
  spec: PodSpec,
  field: string,
): FieldError[] {
  return lists.current.flatMap(({ name, state }, index) => {
    const ended = state.terminated;
    const now = lists.next.find((each) => each.name === name);
    if (!ended || !now || now.state.terminated) return [];
    const container = containers?.find((each) => each.name === name);
    if (container && startsAgain(container, spec, ended.exitCode)) return [];
    return [forbidden(`${field}[${index}].state`, "may not be transitioned to non-terminated state")];
  });
}

function startsAgain({ restartPolicy, restartPolicyRules = [] }: Container, spec: PodSpec, exitCode: number): boolean {
  for (const { action, exitCodes } of restartPolicyRules) {
    const isListed = (exitCodes?.values ?? []).includes(exitCode);
    if (exitCodes && isListed === (exitCodes.operator === "In")) return action === "Restart";
  }
  const policy = restartPolicy ?? spec.restartPolicy ?? "Always";
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}
