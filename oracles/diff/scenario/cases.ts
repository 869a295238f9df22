// `cases`: one request many times, each time with one thing of its body changed. Most invalid objects are written so.
import { decode } from "@fairway/yaml";
import { DiffError } from "../diff-error.ts";
import type { Json } from "../json.ts";
import type { Block } from "./lines.ts";
import type { Mutation, RequestStep } from "./scenario.ts";
import { parsePath, valueAt, withValueAt } from "./value-path.ts";
import { isList } from "../json.ts";

export function parseCases(original: Block, block: Block, parseRequest: (block: Block) => RequestStep): RequestStep[] {
  if (block.items.length === 0) throw new DiffError("syntax", 'cases without a "- " line');
  if (block.body === undefined) throw new DiffError("syntax", "cases without a body to change");
  const request = parseRequest(block);
  const seen = new Set<string>();
  return block.items.map(({ line, text }) => {
    if (seen.has(text)) throw new DiffError("syntax", `line ${line}: this case is there already`);
    seen.add(text);
    return { ...request, line, title: `${original.head} - ${text}`, change: parseMutations(line, text) };
  });
}

/** `path = value`, `path += value` (one more in a list) and `-path` (without it); several are joined by " ; ". */
function parseMutations(line: number, text: string): Mutation[] {
  return text.split(" ; ").map((part): Mutation => {
    const groups = /^(?<path>\S+) (?<operator>\+?=)(?: (?<value>.*))?$/u.exec(part)?.groups;
    if (groups !== undefined) {
      const path = groups["path"] ?? "";
      const end = groups["operator"] === "+=" ? `${path}[99999]` : path;
      return { kind: "set", path: parsePath(end), value: groups["value"] ?? "" };
    }
    if (/^-\S+$/u.test(part)) return { kind: "remove", path: parsePath(part.slice(1)) };
    throw new DiffError("syntax", `line ${line}: ${JSON.stringify(part)}: write path = value, path += value or -path`);
  });
}

/** The body with its changes. A value in braces was put in before. */
export function applyMutations(body: Json, mutations: readonly Mutation[], fill: (text: string) => string): Json {
  let changed = body;
  for (const mutation of mutations) {
    if (mutation.kind === "remove") {
      if (valueAt(changed, mutation.path) === undefined) {
        throw new DiffError("bad-scenario", "a case removes what the body doesn't have");
      }
      changed = withValueAt(changed, mutation.path, undefined);
    } else {
      changed = withValueAt(changed, mutation.path, longValue(decode(fill(mutation.value)) as Json));
    }
  }
  return changed;
}

/** `{repeat: x, times: 300}` is that text so often: values that are too long stay short in the file. */
function longValue(value: Json): Json {
  if (isList(value) || typeof value !== "object" || value === null) return value;
  const { repeat, times, ...others } = value as Record<string, Json>;
  if (typeof repeat !== "string" || typeof times !== "number" || Object.keys(others).length > 0) return value;
  return repeat.repeat(times);
}
