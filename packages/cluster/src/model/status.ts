import { equalJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";

/** Whether two statuses say the same, where an absent field and its zero do. */
export function sameStatus(left: unknown, right: unknown): boolean {
  return equalJson(withoutZeros(left), withoutZeros(right));
}

export function withStatus<T extends KubeObject>(object: T, status: T["status"]): T {
  return { ...object, status };
}

function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, item]) => [key, withoutZeros(item)] as const)
    .filter(([, item]) => !isZero(item));
  return Object.fromEntries(entries);
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}
