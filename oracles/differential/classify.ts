import type { WireAnswer } from "../diff/answer.ts";
import { differences, type Difference } from "../diff/difference.ts";
import { isMap } from "./edit.ts";
import { shownTextMax } from "./limits.ts";

/** What one answer has that the other has not, with a name that is the same for every case of the same defect. */
export interface Finding {
  /** The index of the step whose answers differ first. */
  readonly step: number;
  /** Such as `missing spec.ports[].name: Required value`. */
  readonly names: readonly string[];
}

export function findingOf(real: readonly WireAnswer[], ours: readonly WireAnswer[]): Finding | undefined {
  for (const [step, expected] of real.entries()) {
    const found = ours[step];
    if (!found) return { step, names: ["no answer"] };
    const different = differences(expected, found).filter(({ path }) => path !== "step");
    if (different.length > 0) return { step, names: namesOf(expected, found, different) };
  }
  return undefined;
}

function namesOf(real: WireAnswer, ours: WireAnswer, different: readonly Difference[]): readonly string[] {
  const warning = different.find(({ path }) => path === "headers.warning");
  if (real.status !== ours.status || isRefusal(real) || isRefusal(ours)) {
    const [expected, found] = [complaints(real), complaints(ours)];
    const names = [...minus(expected, found, "missing"), ...minus(found, expected, "too much")];
    if (names.length > 0) return names;
  }
  if (warning) return warningNames(warning);
  const plain = different.filter(({ path }) => !path.includes("managedFields"));
  const [first] = plain.length > 0 ? plain : different;
  return first ? [`${withoutIndexes(first.path)}: ${sort(first.expected)}, not ${sort(first.found)}`] : ["differs"];
}

function isRefusal({ status }: WireAnswer): boolean {
  return status >= 400;
}

/** What an answer complains of: the causes of a refusal, or its whole message. */
function complaints({ status, body }: WireAnswer): readonly string[] {
  if (status === 0) return [String(body)];
  if (status < 400) return [`answered ${status}`];
  if (!isMap(body)) return [`${status} ${shown(body)}`];
  const details = isMap(body["details"]) ? body["details"] : {};
  const causes = Array.isArray(details["causes"]) ? details["causes"].filter(isMap) : [];
  const isOfFields = causes.length > 0 && status === 422;
  if (!isOfFields) return [`${status} ${neutral(String(body["message"])).replace(/^\S+ (?=in version)/u, "Kind ")}`];
  return causes.map(({ field, message }) => `${withoutIndexes(String(field))}: ${neutral(String(message))}`);
}

function minus(first: readonly string[], second: readonly string[], word: string): readonly string[] {
  const others = [...second];
  const left = first.filter((each) => {
    const index = others.indexOf(each);
    if (index !== -1) others.splice(index, 1);
    return index === -1;
  });
  return [...new Set(left)].map((each) => `${word} ${each}`.slice(0, shownTextMax));
}

function warningNames({ expected, found }: Difference): readonly string[] {
  const lines = (value: unknown): readonly string[] =>
    typeof value === "string" ? value.split(/, (?=299)|\n/u).map((line) => neutral(withoutIndexes(line))) : [];
  return [
    ...minus(lines(expected), lines(found), "missing warning"),
    ...minus(lines(found), lines(expected), "needless warning"),
  ];
}

/** Values that differ from case to case. */
function neutral(text: string): string {
  return withoutIndexes(text)
    .replaceAll(/(?<=selfType)\d+/gu, "N")
    .replaceAll(/"(?:[^"\\]|\\.)*"/gu, '"…"')
    .replaceAll(/(Invalid value: |Duplicate value: )[[{].*[\]}](?=: |$)/gsu, "$1{…}")
    .replaceAll(/(Invalid value: |Duplicate value: |Unsupported value: |Too many: )-?[\d.]+/gu, "$1N");
}

function withoutIndexes(path: string): string {
  return path.replaceAll(/\[(?:\d+|[^\]\s]*)\]/gu, "[]");
}

/** Which kind of value it is: values themselves are of the case. */
function sort(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
  if (isMap(value)) return Object.keys(value).length === 0 ? "{}" : "a map";
  return value === null || value === "" || typeof value === "boolean" ? JSON.stringify(value) : `a ${typeof value}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
