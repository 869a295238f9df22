// What a scenario waits for: `status.replicas == 2 and status.conditions[type=Ready] exists`, `code == 404`.
import { decode } from "@fairway/yaml";
import { DiffError } from "../diff-error.ts";
import { canonical } from "../json.ts";
import type { Json } from "../json.ts";
import { parsePath, valueAt } from "./value-path.ts";
import type { ValuePath } from "./value-path.ts";

interface Term {
  readonly path: ValuePath;
  /** `code` alone means the status of the answer, not a field of its body. */
  readonly ofStatus: boolean;
  readonly test: (found: Json | undefined) => boolean;
}

export interface Condition {
  readonly text: string;
  readonly holds: (answer: { readonly status: number; readonly body: Json | undefined }) => boolean;
}

export function parseCondition(text: string): Condition {
  const terms = text.split(" and ").map((part) => parseTerm(part.trim()));
  const holds: Condition["holds"] = ({ status, body }) =>
    terms.every((term) => term.test(term.ofStatus ? status : valueAt(body, term.path)));
  return { text, holds };
}

function parseTerm(text: string): Term {
  const presence = /^(?<path>\S+) (?<word>exists|absent)$/u.exec(text)?.groups;
  if (presence !== undefined) {
    const wanted = presence["word"] === "exists";
    return term(presence["path"] ?? "", (found) => (found !== undefined) === wanted);
  }
  const groups = /^(?<path>.+?) (?<operator>==|!=|>=|<=|contains) (?<value>.*)$/u.exec(text)?.groups;
  if (groups === undefined) {
    throw new DiffError(
      "syntax",
      `the condition ${JSON.stringify(text)} is none: write PATH == VALUE, !=, >=, <=, contains, exists or absent`,
    );
  }
  const value = decode(groups["value"] ?? "") as Json;
  return term(groups["path"] ?? "", tester(groups["operator"] ?? "", value));
}

function term(path: string, test: Term["test"]): Term {
  return { path: parsePath(path), ofStatus: path === "code", test };
}

function tester(operator: string, value: Json): Term["test"] {
  if (operator === "==") return (found) => canonical(found) === canonical(value);
  if (operator === "!=") return (found) => canonical(found) !== canonical(value);
  if (operator === "contains") return (found) => typeof found === "string" && found.includes(String(value));
  const sign = operator === ">=" ? 1 : -1;
  return (found) => typeof found === "number" && (found - Number(value)) * sign >= 0;
}
