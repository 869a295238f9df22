import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
} from "../schema/data/types/apiextensions-v1.ts";

export type ConditionType =
  | "NamesAccepted"
  | "Established"
  | "Terminating"
  | "NonStructuralSchema"
  | "KubernetesAPIApprovalPolicyConformant";

export type Condition = Pick<CustomResourceDefinitionCondition, "status"> & {
  readonly type: ConditionType;
  readonly reason: string;
  readonly message: string;
};

export function conditionOf(
  { status }: CustomResourceDefinition,
  type: ConditionType,
): CustomResourceDefinitionCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: CustomResourceDefinition, type: ConditionType): boolean {
  return conditionOf(definition, type)?.status === "True";
}

/** Sets the condition, in place. Its time only changes with its status. */
export function setCondition(definition: CustomResourceDefinition, condition: Condition, now: Date): void {
  const { status } = definition;
  const known = conditionOf(definition, condition.type);
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : time;
  const next = {
    type: condition.type,
    status: condition.status,
    lastTransitionTime,
    reason: condition.reason,
    message: condition.message,
  };
  const list = status.conditions ?? [];
  status.conditions = known ? list.map((each) => (each === known ? next : each)) : [...list, next];
}

export function isSameCondition(left: CustomResourceDefinitionCondition | undefined, right: Condition): boolean {
  return left?.status === right.status && left.reason === right.reason && left.message === right.message;
}
