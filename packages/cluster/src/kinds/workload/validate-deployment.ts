import type { FieldError } from "../../object/field-error.ts";
import type { Deployment, ReplicaSet } from "../../schema/data/types/apps-v1.ts";
import { invalid } from "../validation/errors.ts";
import { immutableStruct } from "../validation/immutable.ts";
import { nonNegative } from "../validation/numbers.ts";
import { validateDeploymentStrategy } from "./validate-rolling-update.ts";
import { validateAtMost, validateCollisions, validateCounts } from "./validate-status.ts";
import { validateReplicated } from "./validate-template.ts";

export function validateDeployment({ spec }: Deployment): FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
  const errors = [
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...validateReplicated(spec.selector, spec.template, "spec"),
    ...validateDeploymentStrategy(spec.strategy, "spec.strategy"),
    ...nonNegative(minReadySeconds, "spec.minReadySeconds"),
    ...nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"),
    ...nonNegative(deadline, "spec.progressDeadlineSeconds"),
  ];
  if (deadline !== undefined && deadline <= minReadySeconds)
    errors.push(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  return errors;
}

export function validateDeploymentUpdate(next: Deployment, current: Deployment): FieldError[] {
  return [...validateDeployment(next), ...immutableSelector(next.spec, current.spec)];
}

type Selecting = Pick<Deployment["spec"] | ReplicaSet["spec"], "selector">;

function immutableSelector(next: Selecting, current: Selecting): FieldError[] {
  return immutableStruct("LabelSelector", next.selector ?? undefined, current.selector ?? undefined, "spec.selector");
}

export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  return [
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...validateReplicated(spec.selector, spec.template, "spec"),
  ];
}

export function validateReplicaSetUpdate(next: ReplicaSet, current: ReplicaSet): FieldError[] {
  return [...validateReplicaSet(next), ...immutableSelector(next.spec, current.spec)];
}

const TOO_MANY = "cannot be greater than status.replicas";

export function validateDeploymentStatus({ status }: Deployment, current: Deployment): FieldError[] {
  return [
    ...validateCounts(status, [
      "observedGeneration",
      "replicas",
      "updatedReplicas",
      "readyReplicas",
      "availableReplicas",
      "unavailableReplicas",
      "terminatingReplicas",
      "collisionCount",
    ]),
    ...validateAtMost(status, ["updatedReplicas", "readyReplicas", "availableReplicas"], "replicas", TOO_MANY),
    ...validateAtMost(status, ["availableReplicas"], "readyReplicas", "cannot be greater than readyReplicas"),
    ...validateCollisions(status, current.status),
  ];
}

/** Of a replica set, and of a replication controller, which was there before it. */
export function validateReplicaSetStatus({ status }: Pick<ReplicaSet, "status">): FieldError[] {
  return [
    ...validateCounts(status, [
      "replicas",
      "fullyLabeledReplicas",
      "readyReplicas",
      "availableReplicas",
      "observedGeneration",
      "terminatingReplicas",
    ]),
    ...validateAtMost(status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], "replicas", TOO_MANY),
    ...validateAtMost(status, ["availableReplicas"], "readyReplicas", "cannot be greater than readyReplicas"),
  ];
}
