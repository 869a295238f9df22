import { KustomizeError } from "../kustomize-error.ts";
import type { StringMap } from "./metadata.ts";

type Test = (values: StringMap) => boolean;

/** Reads a selector of labels or annotations, such as `app=web,tier in (a, b),!old`; an empty one takes everything. */
export function parseLabelSelector(selector: string): Test {
  const tests = splitRequirements(selector).map(parseRequirement);
  return (values) => tests.every((test) => test(values));
}

function splitRequirements(selector: string): string[] {
  const result: string[] = [];
  let depth = 0;
  let current = "";
  for (const character of selector) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) {
      result.push(current);
      current = "";
    } else current += character;
  }
  if (selector.trim() === "") return [];
  result.push(current);
  return result.map((part) => part.trim());
}

const setPattern = /^(\S+)\s+(in|notin)\s*\((.*)\)$/s;
const comparePattern = /^([^\s=!<>()]+)\s*(==|=|!=|>|<)\s*([^\s=!<>()]*)$/;
const existsPattern = /^(!?)\s*([^\s=!<>(),]+)$/;
const namePattern = /^(?:[^/]+\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function parseRequirement(text: string): Test {
  const set = setPattern.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    checkKey(key, text);
    return operator === "in"
      ? (labels) => labels.has(key) && values.has(labels.get(key) ?? "")
      : (labels) => !labels.has(key) || !values.has(labels.get(key) ?? "");
  }
  const compare = comparePattern.exec(text);
  if (compare !== null) return compareTest(compare, text);
  const exists = existsPattern.exec(text);
  if (exists === null) throw invalid(text);
  const [, not, key = ""] = exists;
  checkKey(key, text);
  return not === "!" ? (labels) => !labels.has(key) : (labels) => labels.has(key);
}

function compareTest(match: RegExpExecArray, text: string): Test {
  const [, key = "", operator = "", value = ""] = match;
  checkKey(key, text);
  if (operator === "!=") return (labels) => labels.get(key) !== value;
  if (operator === "=" || operator === "==") return (labels) => labels.get(key) === value;
  if (!/^-?\d+$/.test(value)) throw invalid(text);
  return (labels) => {
    const found = labels.get(key);
    if (found === undefined || !/^-?\d+$/.test(found)) return false;
    return operator === ">" ? BigInt(found) > BigInt(value) : BigInt(found) < BigInt(value);
  };
}

function checkKey(key: string, text: string): void {
  if (!namePattern.test(key)) throw invalid(text);
}

function invalid(text: string): KustomizeError {
  return new KustomizeError(
    "transform",
    `unable to parse requirement: ${JSON.stringify(text)} is not a label selector`,
  );
}
