import type { FieldError } from "../../object/field-error.ts";
import type { DaemonSetUpdateStrategy, DeploymentStrategy } from "../../schema/data/types/apps-v1.ts";
import { forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { internalJson } from "../validation/internal-json.ts";
import { atMostAll, countOrPercent } from "../validation/numbers.ts";

const DEFAULTED = "this should be defaulted and never be nil";

export function validateDeploymentStrategy(strategy: DeploymentStrategy, field: string): FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === "Recreate") {
    if (!rollingUpdate) return [];
    return [forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (type !== "RollingUpdate") return [notSupported(field, shown(strategy), ["Recreate", "RollingUpdate"])];
  if (!rollingUpdate) return [required(`${field}.rollingUpdate`, DEFAULTED)];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const errors = [
    ...countOrPercent(maxUnavailable, `${field}.rollingUpdate.maxUnavailable`),
    ...countOrPercent(maxSurge, `${field}.rollingUpdate.maxSurge`),
  ];
  if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
    const place = `${field}.rollingUpdate.maxUnavailable`;
    errors.push(invalid(place, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  return [...errors, ...atMostAll(maxUnavailable, `${field}.rollingUpdate.maxUnavailable`)];
}

export function validateDaemonSetStrategy(strategy: DaemonSetUpdateStrategy, field: string): FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") return [notSupported(field, shown(strategy), ["RollingUpdate", "OnDelete"])];
  if (!rollingUpdate) return [required(`${field}.rollingUpdate`)];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const place = `${field}.rollingUpdate`;
  const errors = [
    ...countOrPercent(maxUnavailable, `${place}.maxUnavailable`),
    ...countOrPercent(maxSurge, `${place}.maxSurge`),
  ];
  errors.push(...atMostAll(maxUnavailable, `${place}.maxUnavailable`), ...atMostAll(maxSurge, `${place}.maxSurge`));
  if (!isNothing(maxUnavailable) && !isNothing(maxSurge))
    errors.push(invalid(`${place}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero"));
  if (isNothing(maxUnavailable) && isNothing(maxSurge))
    errors.push(required(`${place}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  return errors;
}

export function isNothing(value: number | string | undefined): boolean {
  // A text that is no share counts as nothing.
  if (typeof value === "string") return !/^\d+%?$/.test(value) || Number.parseInt(value, 10) === 0;
  return value === undefined || value === 0;
}

function shown(strategy: DeploymentStrategy | DaemonSetUpdateStrategy): unknown {
  const { rollingUpdate } = strategy;
  const counts = rollingUpdate && internalJson({ ...rollingUpdate }, ["maxUnavailable", "maxSurge"]);
  return internalJson({ ...strategy, rollingUpdate: counts }, ["type", "rollingUpdate"], { type: "" });
}
