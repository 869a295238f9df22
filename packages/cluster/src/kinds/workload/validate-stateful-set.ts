import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { StatefulSet, StatefulSetSpec } from "../../schema/data/types/apps-v1.ts";
import type { PodTemplateSpec } from "../../schema/data/types/core-v1.ts";
import { validateClaimSpec } from "../claim/validate.ts";
import { validatePodTemplate } from "../pod-spec/validate.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { internalJson } from "../validation/internal-json.ts";
import { validateLabels } from "../validation/labels.ts";
import { validateAnnotations } from "../validation/metadata.ts";
import { dnsLabel } from "../validation/names.ts";
import { atMostAll, countOrPercent, nonNegative } from "../validation/numbers.ts";
import { isNothing } from "./validate-rolling-update.ts";
import { validateAtMost, validateCollisions, validateCounts } from "./validate-status.ts";
import { isReadable, validateLasting, validateSelected, validateSelector } from "./validate-template.ts";

const retentions = ["Retain", "Delete"];
const changeable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;

export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  return validateSpec(spec, "create");
}

export function validateStatefulSetUpdate(next: StatefulSet, current: StatefulSet): FieldError[] {
  const wasFine = validateSpec(current.spec, "update").length === 0;
  const errors = validateSpec(next.spec, wasFine ? "update" : "update of what was not fine");
  const [kept, before] = [{ ...next.spec }, { ...current.spec }];
  for (const field of changeable) {
    delete kept[field];
    delete before[field];
  }
  if (!equalJson(kept, before)) {
    const names = `${changeable
      .slice(0, -1)
      .map((name) => `'${name}'`)
      .join(", ")} and 'minReadySeconds'`;
    const detail = `updates to statefulset spec for fields other than ${names} are forbidden`;
    errors.push(forbidden("spec", detail));
  }
  return errors;
}

/** What cannot be changed any more isn't judged again. */
type Occasion = "create" | "update" | "update of what was not fine";

function validateSpec(spec: StatefulSetSpec, occasion: Occasion): FieldError[] {
  const { podManagementPolicy: management = "", ordinals, persistentVolumeClaimRetentionPolicy: retention } = spec;
  const isNew = occasion === "create";
  const errors: FieldError[] = [];
  if (management === "") errors.push(required("spec.podManagementPolicy"));
  else if (management !== "OrderedReady" && management !== "Parallel")
    errors.push(invalid("spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'"));
  errors.push(...validateStrategy(spec, "spec.updateStrategy"));
  for (const name of ["whenDeleted", "whenScaled"] as const) {
    const value = retention?.[name] ?? "";
    if (retention && !retentions.includes(value))
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, value, retentions));
  }
  for (const [index, claim] of (isNew ? (spec.volumeClaimTemplates ?? []) : []).entries())
    errors.push(...validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${index}].spec`));
  errors.push(...nonNegative(spec.replicas, "spec.replicas"));
  errors.push(...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"));
  errors.push(...nonNegative(ordinals?.start, "spec.ordinals.start"));
  if (isNew && spec.serviceName)
    errors.push(...eachInvalid("spec.serviceName", spec.serviceName, dnsLabel(spec.serviceName)));
  return [
    ...errors,
    ...validateSelector(spec.selector, "spec.selector", "statefulset"),
    ...validateTemplate(spec, occasion),
    ...validateLasting(spec.template, "spec.template", "StatefulSet"),
  ];
}

function validateTemplate(spec: StatefulSetSpec, occasion: Occasion): FieldError[] {
  if (!isReadable(spec.selector)) return [invalid("spec.selector", spec.selector, "")];
  const place = "spec.template";
  const template = asPod(spec);
  const { labels, annotations } = template.metadata;
  return [
    ...validateSelected(spec.selector, template, place),
    ...(occasion === "update of what was not fine" ? [] : validatePodTemplate(template, place)),
    ...validateLabels(labels, `${place}.labels`),
    ...validateAnnotations(annotations, `${place}.annotations`),
  ];
}

/** A pod has a name in the network of its own, and the claims made for it as volumes. */
function asPod({ template, volumeClaimTemplates: claims = [] }: StatefulSetSpec): PodTemplateSpec {
  const { hostname: _, subdomain: __, volumes = [], ...spec } = template.spec;
  const names = new Set(claims.map(({ metadata }) => metadata.name ?? ""));
  const claimed = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const all = [...claimed, ...volumes.filter(({ name }) => !names.has(name))];
  return { ...template, spec: { ...spec, ...(all.length === 0 ? {} : { volumes: all }) } };
}

function validateStrategy({ updateStrategy }: StatefulSetSpec, field: string): FieldError[] {
  const { type = "", rollingUpdate } = updateStrategy;
  const place = `${field}.rollingUpdate`;
  if (type === "") return [required(field)];
  if (type === "OnDelete") {
    if (!rollingUpdate) return [];
    const shown = internalJson({ ...rollingUpdate }, ["partition", "maxUnavailable"], { partition: 0 });
    return [invalid(place, shown, "only allowed for updateStrategy 'RollingUpdate'")];
  }
  if (type !== "RollingUpdate") {
    const shown = internalJson({ ...updateStrategy }, ["type", "rollingUpdate"]);
    return [invalid(field, shown, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  const errors = nonNegative(rollingUpdate?.partition, `${place}.partition`);
  const most = rollingUpdate?.maxUnavailable;
  if (most === undefined) return errors;
  errors.push(...countOrPercent(most, `${place}.maxUnavailable`));
  if (isNothing(most)) errors.push(invalid(`${place}.maxUnavailable`, most, "cannot be 0"));
  return [...errors, ...atMostAll(most, `${place}.maxUnavailable`)];
}

export function validateStatefulSetStatus({ status }: StatefulSet, current: StatefulSet): FieldError[] {
  const counts = [
    "replicas",
    "readyReplicas",
    "currentReplicas",
    "updatedReplicas",
    "availableReplicas",
    "observedGeneration",
    "collisionCount",
  ] as const;
  const partial = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] as const;
  return [
    ...validateCounts(status, counts),
    ...validateAtMost(status, partial, "replicas", "cannot be greater than status.replicas"),
    ...validateAtMost(status, ["availableReplicas"], "readyReplicas", "cannot be greater than status.readyReplicas"),
    ...validateCollisions(status, current.status),
  ];
}
