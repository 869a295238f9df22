import { compareBytes } from "../../object/go-text.ts";
import type { FieldError } from "../../object/field-error.ts";
import { eachInvalid, forbidden, invalid, required } from "./errors.ts";
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

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  return sortedEntries(labels).flatMap(([key, value]) => [
    ...eachInvalid(field, key, qualifiedName(key)),
    ...eachInvalid(field, value, labelValue(value)),
  ]);
}

export function validateLabelSelector(selector: LabelSelector | null | undefined, field: string): FieldError[] {
  if (!selector) return [];
  return [
    ...validateLabels(selector.matchLabels, `${field}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((each, index) =>
      validateRequirement(each, `${field}.matchExpressions[${index}]`),
    ),
  ];
}

function validateRequirement(requirement: LabelRequirement, field: string): FieldError[] {
  const { key = "", operator = "", values = [] } = requirement;
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else {
    errors.push(invalid(`${field}.operator`, operator, "not a valid selector operator"));
  }
  errors.push(...eachInvalid(`${field}.key`, key, qualifiedName(key)));
  for (const [index, value] of values.entries())
    errors.push(...eachInvalid(`${field}.values[${index}]`, value, labelValue(value)));
  return errors;
}

/** Go goes through maps in any order; ours is always the same. */
export function sortedEntries<Value>(map: Readonly<Record<string, Value>> | null | undefined): [string, Value][] {
  return Object.entries(map ?? {}).toSorted(([left], [right]) => compareBytes(left, right));
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
