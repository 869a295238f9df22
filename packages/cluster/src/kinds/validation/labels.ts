import { compareBytes } from "../../object/go-text.ts";
import type { FieldError } from "../../object/field-error.ts";
import { forbidden, invalid, required } from "./errors.ts";
import { labelValue, qualifiedName } from "./names.ts";

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  field: string,
  errors: FieldError[] = [],
): FieldError[] {
  for (const [key, value] of faultyEntries(labels, isFineLabel)) {
    for (const message of qualifiedName(key)) errors.push(invalid(field, key, message));
    for (const message of labelValue(value)) errors.push(invalid(field, value, message));
  }
  return errors;
}

function isFineLabel(key: string, value: string): boolean {
  return qualifiedName(key).length + labelValue(value).length === 0;
}

export function validateLabelSelector(
  selector: LabelSelector | null | undefined,
  field: string,
  errors: FieldError[] = [],
): FieldError[] {
  if (!selector) return errors;
  validateLabels(selector.matchLabels, `${field}.matchLabels`, errors);
  selector.matchExpressions?.forEach((each, index) =>
    validateRequirement(each, `${field}.matchExpressions[${index}]`, errors),
  );
  return errors;
}

function validateRequirement(requirement: LabelRequirement, field: string, errors: FieldError[]): void {
  const { key = "", operator = "", values = [] } = requirement;
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else {
    errors.push(invalid(`${field}.operator`, operator, "not a valid selector operator"));
  }
  for (const message of qualifiedName(key)) errors.push(invalid(`${field}.key`, key, message));
  for (const [index, value] of values.entries())
    for (const message of labelValue(value)) errors.push(invalid(`${field}.values[${index}]`, value, message));
}

/** Go goes through maps in any order; ours is always the same. */
export function sortedEntries<Value>(map: Readonly<Record<string, Value>> | null | undefined): [string, Value][] {
  return Object.entries(map ?? {}).toSorted(byKey);
}

export function sortedKeys(map: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(map);
  return areSorted(keys) ? keys : keys.sort(compareBytes);
}

function areSorted(keys: readonly string[]): boolean {
  let before = "";
  for (const key of keys) {
    if (compareBytes(before, key) > 0) return false;
    before = key;
  }
  return true;
}

/** Those of the entries that something is wrong with: as a rule none, and then there is nothing to sort. */
export function faultyEntries<Value>(
  map: Readonly<Record<string, Value>> | null | undefined,
  isFine: (key: string, value: Value) => boolean,
): readonly [string, Value][] {
  if (!map) return NONE;
  for (const key of Object.keys(map))
    if (!isFine(key, map[key] as Value)) return sortedEntries(map).filter(([each, value]) => !isFine(each, value));
  return NONE;
}

const NONE: readonly [] = [];

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return compareBytes(left, right);
}

/** Names of labels are anybody's; those of what every object of JavaScript has are among them. */
function own(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Whether a selector takes these labels. */
export function selectorMatches(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const fits = ({ key = "", operator, values = [] }: LabelRequirement): boolean => {
    const value = own(labels, key);
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const isListed = value !== undefined && values.includes(value);
    return operator === "In" ? isListed : !isListed;
  };
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => own(labels, key) === value) &&
    (selector.matchExpressions ?? []).every(fits)
  );
}

export function isEmptySelector(selector: LabelSelector | null | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
}
