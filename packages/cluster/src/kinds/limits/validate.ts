import { compareQuantities, nanosOf } from "../../object/quantity.ts";
import { compareBytes } from "../../object/go-text.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { LimitRange, LimitRangeItem } from "../../schema/data/types/core-v1.ts";
import { duplicate, eachInvalid, forbidden, invalid, required } from "../validation/errors.ts";
import { sortedEntries } from "../validation/labels.ts";
import { qualifiedName } from "../validation/names.ts";
import { canOvercommit, validateContainerResource, validateResourceName } from "../validation/resource-names.ts";

const types = new Set(["Pod", "Container", "PersistentVolumeClaim"]);

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const seen = new Set<string>();
  return (spec.limits ?? []).flatMap((item, index) => {
    const place = `spec.limits[${index}]`;
    const errors = validateType(item.type, `${place}.type`);
    if (seen.has(item.type)) errors.push(duplicate(`${place}.type`, item.type));
    seen.add(item.type);
    return [...errors, ...validateItem(item, place)];
  });
}

function validateType(type: string, field: string): FieldError[] {
  const errors = eachInvalid(field, type, qualifiedName(type));
  if (errors.length > 0 || type.includes("/") || types.has(type)) return errors;
  return [invalid(field, type, "must be a standard limit type or fully qualified")];
}

function validateItem(item: LimitRangeItem, field: string): FieldError[] {
  const isPod = item.type === "Pod";
  const rule = isPod || item.type === "Container" ? validateContainerResource : validateResourceName;
  const names = (part: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio"): FieldError[] =>
    sortedEntries(item[part]).flatMap(([name]) => rule(name, `${field}.${part}[${name}]`));
  const errors = [...names("max"), ...names("min")];
  for (const part of ["default", "defaultRequest"] as const) {
    if (!isPod) errors.push(...names(part));
    else if (Object.keys(item[part] ?? {}).length > 0)
      errors.push(forbidden(`${field}.${part}`, "may not be specified when `type` is 'Pod'"));
  }
  if (item.type === "PersistentVolumeClaim" && !item.min?.["storage"] && !item.max?.["storage"]) {
    const detail = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(required(`${field}.limits`, detail));
  }
  errors.push(...names("maxLimitRequestRatio"));
  const shown: LimitRangeItem = isPod ? { ...item, default: {}, defaultRequest: {} } : item;
  const all = { ...item.max, ...item.min, ...shown.default, ...shown.defaultRequest, ...item.maxLimitRequestRatio };
  for (const name of Object.keys(all).toSorted(compareBytes)) errors.push(...validateOrder(shown, name, field));
  return errors;
}

/** One resource: from the least to the most, with what is given to those who don't ask in between. */
function validateOrder(item: LimitRangeItem, name: string, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const [least, most] = [amountOf(item.min, name), amountOf(item.max, name)];
  const [limit, request] = [amountOf(item.default, name), amountOf(item.defaultRequest, name)];
  const compare = (
    low: [string | undefined, string],
    high: [string | undefined, string],
    at: [string, unknown],
  ): void => {
    if (low[0] === undefined || high[0] === undefined || compareQuantities(low[0], high[0]) <= 0) return;
    const detail = `${low[1]} value ${low[0]} is greater than ${high[1]} value ${high[0]}`;
    errors.push(invalid(`${field}.${at[0]}[${name}]`, at[1], detail));
  };
  compare([least, "min"], [most, "max"], ["min", least]);
  compare([least, "min"], [request, "default request"], ["defaultRequest", request]);
  compare([request, "default request"], [most, "max"], ["defaultRequest", request]);
  compare([request, "default request"], [limit, "default limit"], ["defaultRequest", request]);
  compare([least, "min"], [limit, "default"], ["default", least]);
  compare([limit, "default"], [most, "max"], ["default", most]);
  errors.push(...validateRatio(item, name, `${field}.maxLimitRequestRatio[${name}]`));
  if (!canOvercommit(name) && limit !== undefined && request !== undefined && compareQuantities(limit, request) !== 0) {
    const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
    errors.push(invalid(`${field}.defaultRequest[${name}]`, request, detail));
  }
  return errors;
}

function amountOf(amounts: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return amounts && Object.hasOwn(amounts, name) ? amounts[name] : undefined;
}

function validateRatio({ min, max, maxLimitRequestRatio }: LimitRangeItem, name: string, field: string): FieldError[] {
  const ratio = amountOf(maxLimitRequestRatio, name);
  if (ratio === undefined) return [];
  const errors = compareQuantities(ratio, "1") < 0 ? [invalid(field, ratio, `ratio ${ratio} is less than 1`)] : [];
  const [least, most] = [amountOf(min, name), amountOf(max, name)];
  if (least === undefined || most === undefined) return errors;
  const ratioMax = Number(nanosOf(most)) / Number(nanosOf(least));
  if (Number(nanosOf(ratio)) / 1e9 > ratioMax)
    errors.push(invalid(field, ratio, `ratio ${ratio} is greater than max/min = ${ratioMax.toFixed(6)}`));
  return errors;
}
