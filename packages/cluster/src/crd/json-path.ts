import { equalJson } from "../object/json-value.ts";
import { isObject } from "./json-schema.ts";

/** A path as columns and selectable fields say it, compiled. Undefined: it is none. */
export type JsonPath = (object: unknown) => readonly unknown[];

/** `.spec.x`, `.metadata.labels['a.b']`, `.status.conditions[?(@.type=="Ready")].status`, `..name`, `[0:2]`, `[*]`. */
export function compileJsonPath(text: string): JsonPath | undefined {
  const steps = readSteps(text);
  if (steps === undefined) return undefined;
  return (object) => steps.reduce<readonly unknown[]>((values, step) => step(values), [object]);
}

type Step = (values: readonly unknown[]) => readonly unknown[];

const TOKEN =
  /\s+|[$@]|\.\.(?<recursive>)|\.?(?<wildcard>\*)|\.(?<field>(?:\\.|[^\s.[\]()\\{}'"?@$=!<>,|&*])+)|\[\?\((?<filter>(?:"[^"]*"|'[^']*'|[^)"'])*)\)\]|\[(?<brackets>[^\]]*)\]|\.(?=\[|$)/uy;

function readSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { recursive, wildcard, field, filter, brackets } = groups;
    if (recursive !== undefined) {
      steps.push((values) => values.flatMap(descendants));
      const name = /^[\w-]+/.exec(text.slice(TOKEN.lastIndex))?.[0];
      if (name === undefined) continue;
      steps.push(fieldStep(name));
      TOKEN.lastIndex += name.length;
    } else if (wildcard !== undefined) steps.push((values) => values.flatMap(childrenOf));
    else if (field !== undefined) steps.push(fieldStep(field.replaceAll(/\\(.)/gu, "$1")));
    else {
      const step = filter === undefined ? bracketStep(brackets) : filterStep(filter);
      if (step === undefined) return undefined;
      steps.push(step);
    }
  }
  return steps;
}

function fieldStep(name: string): Step {
  return (values) => values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: unknown): readonly unknown[] {
  return [value, ...childrenOf(value).flatMap(descendants)];
}

function bracketStep(text: string | undefined): Step | undefined {
  if (text === undefined) return (values) => values;
  if (text.includes(",")) {
    const steps = text.split(",").map((part) => bracketStep(part.trim()));
    if (steps.includes(undefined)) return undefined;
    return (values) => steps.flatMap((step) => step?.(values) ?? []);
  }
  const key = /^'((?:\\.|[^'])*)'$/s.exec(text) ?? /^"((?:\\.|[^"])*)"$/s.exec(text);
  if (key) return fieldStep((key[1] ?? "").replaceAll(/\\(.)/g, "$1"));
  const slice = /^(-?\d*)(?:(:)(-?\d*))?(?::(-?\d*))?$/.exec(text === "*" ? ":" : text);
  if (slice === null) return undefined;
  const [, first = "", colon, last = "", step = ""] = slice;
  const numbers = { first: numberOf(first), last: numberOf(last), step: numberOf(step) ?? 1 };
  return (values) => values.flatMap((value) => (Array.isArray(value) ? cut(value, numbers, colon === undefined) : []));
}

function numberOf(text: string): number | undefined {
  return text === "" ? undefined : Number(text);
}

interface Slice {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly step: number;
}

function cut(list: readonly unknown[], { first = 0, last, step }: Slice, isOne: boolean): readonly unknown[] {
  const from = first < 0 ? first + list.length : first;
  const until = isOne ? from + 1 : last === undefined ? list.length : last < 0 ? last + list.length : last;
  return list.slice(Math.max(0, from), until).filter((_, index) => index % Math.max(1, step) === 0);
}

const FILTER = /^\s*(?<left>.+?)\s*(?:(?<operator>==|!=|<=|>=|<|>)\s*(?<right>.+?)\s*)?$/s;

function filterStep(text: string): Step | undefined {
  const { left: leftText = "", operator, right: rightText = "" } = FILTER.exec(text)?.groups ?? {};
  const left = operandOf(leftText);
  const right = operator === undefined ? undefined : operandOf(rightText);
  if (left === undefined || (operator !== undefined && right === undefined)) return undefined;
  const passes = (item: unknown): boolean => {
    const lefts = left(item);
    if (right === undefined || operator === undefined) return lefts.length > 0;
    const rights = right(item);
    return lefts.length === 1 && rights.length === 1 && compares(lefts[0], operator, rights[0]);
  };
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter(passes) : []));
}

function operandOf(text: string): JsonPath | undefined {
  const quoted = /^"([^"]*)"$/s.exec(text) ?? /^'([^']*)'$/s.exec(text);
  if (quoted) return () => [quoted[1] ?? ""];
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return () => [Number(text)];
  if (text === "true" || text === "false") return () => [text === "true"];
  return /^[@$.[]/.test(text) ? compileJsonPath(text) : undefined;
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  if (operator === "==") return equalJson(left, right);
  if (operator === "!=") return !equalJson(left, right);
  if (typeof left !== typeof right || (typeof left !== "number" && typeof left !== "string")) return false;
  const isLess = left < (right as typeof left);
  const isEqual = left === right;
  switch (operator) {
    case "<":
      return isLess;
    case "<=":
      return isLess || isEqual;
    case ">":
      return !isLess && !isEqual;
    default:
      return !isLess;
  }
}
