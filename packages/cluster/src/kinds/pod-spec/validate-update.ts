import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { Container, NodeSelectorTerm, Pod, PodSpec, Toleration } from "../../schema/data/types/core-v1.ts";
import { forbidden, invalid, required } from "../validation/errors.ts";
import { INT32_MAX, rangeMessage } from "../validation/numbers.ts";
import { structDifference } from "../validation/spec-difference.ts";
import { validateTolerations } from "./validate-scheduling.ts";
import { validatePodSpec } from "./validate.ts";

const changeable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
];

/** A pod stays as it was made but for a few fields. */
export function validatePodUpdate(next: Pod, current: Pod): FieldError[] {
  const errors = [...validatePodSpec(next.spec, "spec"), ...validatePodAnnotations(next, current)];
  for (const list of ["containers", "initContainers"] as const) {
    const [now, before] = [next.spec[list] ?? [], current.spec[list] ?? []];
    if (now.length !== before.length)
      return [...errors, forbidden(`spec.${list}`, "pod updates may not add or remove containers")];
    errors.push(...validateImages(now, `spec.${list}`));
  }
  const deadline = validateDeadline(next.spec, current.spec);
  errors.push(...deadline);
  if (deadline.length > 0 && next.spec.activeDeadlineSeconds !== undefined) return errors;
  errors.push(...validateTolerationChange(next.spec.tolerations ?? [], current.spec.tolerations ?? []));
  errors.push(...validateGateChange(next.spec, current.spec));
  if (equalJson(next.spec, current.spec)) return errors;
  return [...errors, ...validateRest(next.spec, current.spec)];
}

const MIRROR = "kubernetes.io/config.mirror";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

export function validatePodAnnotations(next: Pod, current: Pod): FieldError[] {
  const [now, before] = [next.metadata.annotations ?? {}, current.metadata.annotations ?? {}];
  const errors: FieldError[] = [];
  const watched = (key: string): boolean => key === MIRROR || key.startsWith(APP_ARMOR);
  const what = (key: string): string => (key === MIRROR ? "mirror pod annotation" : "AppArmor annotations");
  for (const key of Object.keys(before).filter(watched))
    if (now[key] !== before[key])
      errors.push(forbidden(`metadata.annotations[${key}]`, `may not remove or update ${what(key)}`));
  for (const key of Object.keys(now).filter(watched))
    if (before[key] === undefined) errors.push(forbidden(`metadata.annotations[${key}]`, `may not add ${what(key)}`));
  return errors;
}

function validateImages(containers: readonly Container[], field: string): FieldError[] {
  return containers.flatMap(({ image = "" }, index) => {
    const place = `${field}[${index}].image`;
    if (image === "") return [required(place)];
    return image.trim() === image ? [] : [invalid(place, image, "must not have leading or trailing whitespace")];
  });
}

function validateDeadline(next: PodSpec, current: PodSpec): FieldError[] {
  const [now, before] = [next.activeDeadlineSeconds, current.activeDeadlineSeconds];
  const place = "spec.activeDeadlineSeconds";
  if (now === undefined)
    return before === undefined ? [] : [invalid(place, null, "must not update from a positive integer to nil value")];
  if (now < 0 || now > INT32_MAX) return [invalid(place, now, rangeMessage(0, INT32_MAX))];
  return before !== undefined && before < now
    ? [invalid(place, now, "must be less than or equal to previous value")]
    : [];
}

function validateTolerationChange(next: readonly Toleration[], current: readonly Toleration[]): FieldError[] {
  const lasting = (toleration: Toleration): unknown => ({ ...toleration, tolerationSeconds: undefined });
  const isKept = (before: Toleration): boolean => next.some((now) => equalJson(lasting(now), lasting(before)));
  if (!current.every(isKept))
    return [forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")];
  return validateTolerations(next, "spec.tolerations");
}

function validateGateChange(next: PodSpec, current: PodSpec): FieldError[] {
  const known = new Set((current.schedulingGates ?? []).map(({ name }) => name));
  return (next.schedulingGates ?? []).flatMap(({ name }, index) => {
    if (known.has(name)) return [];
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbidden(`spec.schedulingGates[${index}].name`, detail)];
  });
}

function validateRest(next: PodSpec, current: PodSpec): FieldError[] {
  const changed = structuredClone(next);
  for (const list of ["containers", "initContainers"] as const)
    for (const [index, container] of (changed[list] ?? []).entries())
      keep(container, current[list]?.[index] ?? container, "image");
  for (const field of ["activeDeadlineSeconds", "schedulingGates", "tolerations"] as const)
    keep(changed, current, field);
  if ((current.terminationGracePeriodSeconds ?? 0) < 0 && changed.terminationGracePeriodSeconds === 1)
    keep(changed, current, "terminationGracePeriodSeconds");
  const errors = (current.schedulingGates ?? []).length > 0 ? allowPlacement(changed, current) : [];
  if (equalJson(changed, current)) return errors;
  const what = `pod updates may not change fields other than ${changeable.join(",")}`;
  return [...errors, forbidden("spec", `${what}\n${structDifference("PodSpec", current, changed)}`)];
}

function keep<Type extends object>(target: Type, source: Type, field: keyof Type): void {
  if (source[field] === undefined) delete target[field];
  else target[field] = source[field];
}

/** Where a pod that waits at a gate may go can still be narrowed. */
function allowPlacement(changed: PodSpec, current: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  const selector = changed.nodeSelector ?? {};
  const isNarrower = Object.entries(current.nodeSelector ?? {}).every(([key, value]) => selector[key] === value);
  const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  if (!isNarrower) errors.push(invalid("spec.nodeSelector", changed.nodeSelector ?? null, detail));
  keep(changed, current, "nodeSelector");
  const [now, before] = [changed.affinity?.nodeAffinity, current.affinity?.nodeAffinity];
  if (equalJson(now, before)) return errors;
  const required_ = "requiredDuringSchedulingIgnoredDuringExecution";
  const [terms, former] = [now?.[required_]?.nodeSelectorTerms ?? [], before?.[required_]?.nodeSelectorTerms ?? []];
  errors.push(...validateTerms(terms, former, `spec.affinity.nodeAffinity.${required_}.nodeSelectorTerms`));
  const { nodeAffinity: _, ...others } = changed.affinity ?? {};
  if (before) changed.affinity = { ...others, nodeAffinity: before };
  else if (!current.affinity && Object.keys(others).length === 0) delete changed.affinity;
  else changed.affinity = others;
  return errors;
}

function validateTerms(
  terms: readonly NodeSelectorTerm[],
  former: readonly NodeSelectorTerm[],
  field: string,
): FieldError[] {
  if (former.length === 0) return [];
  if (former.length !== terms.length)
    return [invalid(field, terms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")];
  return former.flatMap((before, index) => {
    const now = terms[index];
    const isEmpty = (before.matchExpressions ?? []).length + (before.matchFields ?? []).length === 0;
    const grows = (["matchExpressions", "matchFields"] as const).every((list) => {
      const old = before[list] ?? [];
      const own = now?.[list] ?? [];
      return isEmpty ? own.length === 0 : equalJson(own.slice(0, old.length), old);
    });
    return grows ? [] : [invalid(`${field}[${index}]`, now, "only additions are allowed (no mutations or deletions)")];
  });
}
