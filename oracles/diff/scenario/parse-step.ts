// One step of a scenario: its first line tells the kind, its attributes the rest.
import { DiffError } from "../diff-error.ts";
import { parseCases } from "./cases.ts";
import { parseCondition } from "./condition.ts";
import type { Attribute, Block } from "./lines.ts";
import { splitCommand } from "./command-line.ts";
import { defaultView } from "./scenario.ts";
import type {
  Capture,
  CommandStep,
  EventsStep,
  Identity,
  RequestLine,
  RequestStep,
  Step,
  View,
  WaitStep,
} from "./scenario.ts";
import { parsePath } from "./value-path.ts";
import { conditionTimeoutMs } from "../run/limits.ts";

const jsonType = "application/json";

/** The verbs of a request. Those that HTTP does not have are a PATCH of that kind. */
const verbs: Readonly<Record<string, { readonly method: string; readonly type?: string }>> = {
  GET: { method: "GET" },
  HEAD: { method: "HEAD" },
  OPTIONS: { method: "OPTIONS" },
  POST: { method: "POST", type: jsonType },
  PUT: { method: "PUT", type: jsonType },
  DELETE: { method: "DELETE", type: jsonType },
  PATCH: { method: "PATCH" },
  MERGE: { method: "PATCH", type: "application/merge-patch+json" },
  STRATEGIC: { method: "PATCH", type: "application/strategic-merge-patch+json" },
  JSONPATCH: { method: "PATCH", type: "application/json-patch+json" },
  APPLY: { method: "PATCH", type: "application/apply-patch+yaml" },
};

const words = [
  ...Object.keys(verbs),
  "cases",
  "wait",
  "kubectl",
  "helm",
  "file",
  "watch",
  "events",
  "webhook",
  "calls",
];

/** Attributes that are no header of HTTP. */
interface Options {
  readonly headers: [string, string][];
  readonly captures: Capture[];
  readonly last: Readonly<Record<string, string>>;
}

const optionNames = new Set(
  "as groups token anonymous send capture ignore only fold raw unordered until within lines sorted exit".split(" "),
);

export function parseSteps(block: Block): Step[] {
  const [word = "", ...rest] = block.head.split(/\s+/u);
  if (block.items.length > 0 && word !== "cases")
    throw new DiffError("syntax", `"- " lines belong to "cases", not to ${word}`);
  if (word === "cases") return parseCases(block, { ...block, head: rest.join(" ") }, parseRequest);
  return [parseStep(block, word, rest)];
}

function parseStep(block: Block, word: string, rest: readonly string[]): Step {
  const base = { line: block.line, title: block.head };
  if (verbs[word] !== undefined) return parseRequest(block);
  if (word === "wait") return parseWait(block, rest);
  if (/^kubectl(?:@|$)/u.test(word) || word === "helm") return parseCommand(block, word);
  if (word === "file") return { ...base, kind: "file", path: one(rest, "a path"), text: block.body ?? "" };
  if (word === "watch") {
    const [name = "", path = ""] = rest;
    return { ...base, kind: "watch", name, request: requestLine(block, "GET", path) };
  }
  if (word === "events") return parseEvents(block, rest);
  if (word === "webhook") return { ...base, kind: "webhook", name: one(rest, "a name"), behaviour: block.body ?? "" };
  if (word === "calls")
    return { ...base, kind: "calls", name: one(rest, "a webhook's name"), view: viewOf(readOptions(block)) };
  throw new DiffError("syntax", `no step begins with ${JSON.stringify(word)}: there is ${words.join(", ")}`);
}

function one(rest: readonly string[], what: string): string {
  const [first, ...others] = rest;
  if (first === undefined || others.length > 0) throw new DiffError("syntax", `one word is wanted here, ${what}`);
  return first;
}

function parseRequest(block: Block): RequestStep {
  const [verb = "", path = "", ...rest] = block.head.split(/\s+/u);
  if (rest.length > 0)
    throw new DiffError("syntax", `${JSON.stringify(rest.join(" "))} after the path: a path has no spaces`);
  const options = readOptions(block);
  return {
    kind: "request",
    line: block.line,
    title: block.head,
    request: requestLine(block, verb, path),
    captures: options.captures,
    view: viewOf(options),
    change: [],
  };
}

function requestLine(block: Block, verb: string, path: string): RequestLine {
  const known = verbs[verb];
  if (known === undefined)
    throw new DiffError("syntax", `no verb ${JSON.stringify(verb)}: there is ${Object.keys(verbs).join(", ")}`);
  if (!path.startsWith("/") && !path.startsWith("{")) {
    throw new DiffError("syntax", `the path ${JSON.stringify(path)} has to begin with "/" or a value in braces`);
  }
  const { headers, last } = readOptions(block);
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  if (!typed && known.type !== undefined && block.body !== undefined) headers.push(["Content-Type", known.type]);
  const yaml = known.type === "application/apply-patch+yaml";
  const send = last["send"] ?? (yaml || typed ? "text" : "json");
  if (send !== "json" && send !== "text") throw new DiffError("syntax", `send ${JSON.stringify(send)}: json or text`);
  return { method: known.method, path, headers, identity: identityOf(last), body: block.body, send };
}

function readOptions(block: Block): Options {
  const headers: [string, string][] = [];
  const captures: Capture[] = [];
  const last: Record<string, string> = {};
  for (const { name, value, line } of block.attributes) {
    if (name === "capture") captures.push(captureOf({ name, value, line }));
    else if (optionNames.has(name)) last[name] = value;
    else if (/^[A-Z]/u.test(name)) headers.push([name, value]);
    else throw new DiffError("syntax", `line ${line}: no "${name}:" for a step; headers of HTTP begin with a capital`);
  }
  return { headers, captures, last };
}

function captureOf({ value, line }: Attribute): Capture {
  const groups = /^(?<name>[a-z][A-Za-z0-9]*) = (?<path>\S+)$/u.exec(value)?.groups;
  if (groups === undefined) throw new DiffError("syntax", `line ${line}: write "capture: name = path.of.field"`);
  return { name: groups["name"] ?? "", path: parsePath(groups["path"] ?? "") };
}

function identityOf(last: Readonly<Record<string, string>>): Identity {
  return {
    ...(last["as"] === undefined ? {} : { user: last["as"] }),
    ...(last["token"] === undefined ? {} : { token: last["token"] }),
    groups: list(last["groups"]),
    anonymous: last["anonymous"] === "yes",
  };
}

function viewOf({ last }: Options): View {
  return {
    ...defaultView,
    ignore: list(last["ignore"]).map(parsePath),
    only: list(last["only"]).map(parsePath),
    unordered: list(last["unordered"]).map(parsePath),
    fold: last["fold"] === undefined ? undefined : Number(last["fold"]),
    raw: last["raw"] === "yes",
  };
}

function list(text: string | undefined): string[] {
  return (text ?? "").split(/,\s*|\s+/u).filter((word) => word !== "");
}

function parseWait(block: Block, rest: readonly string[]): WaitStep {
  const [verb = "", path = ""] = rest;
  const { last, captures } = readOptions(block);
  const until = last["until"];
  if (until === undefined) throw new DiffError("syntax", 'a wait without "until:": say for what');
  return {
    kind: "wait",
    line: block.line,
    title: block.head,
    request: requestLine(block, verb, path),
    until: parseCondition(until),
    withinMs: last["within"] === undefined ? conditionTimeoutMs : milliseconds(last["within"]),
    captures,
  };
}

function milliseconds(text: string): number {
  const groups = /^(?<number>\d+)(?<unit>s|m)$/u.exec(text)?.groups;
  if (groups === undefined) throw new DiffError("syntax", `within ${JSON.stringify(text)}: write 30s or 2m`);
  return Number(groups["number"]) * (groups["unit"] === "m" ? 60_000 : 1000);
}

function parseCommand(block: Block, word: string): CommandStep {
  const [, version] = word.split("@");
  const { last } = readOptions(block);
  return {
    kind: "command",
    line: block.line,
    title: block.head,
    program: word === "helm" ? "helm" : "kubectl",
    version,
    arguments: splitCommand(block.head.slice(word.length)),
    input: block.body,
    view: {
      lines: last["lines"] === undefined ? undefined : new RegExp(last["lines"], "u"),
      sorted: last["sorted"] === "yes",
      exitOnly: last["exit"] === "only",
    },
  };
}

function parseEvents(block: Block, rest: readonly string[]): EventsStep {
  const [name = "", count] = rest;
  const options = readOptions(block);
  const until = options.last["until"];
  if (count !== undefined && !/^\d+$/u.test(count)) throw new DiffError("syntax", `events ${name} ${count}: how many?`);
  return {
    kind: "events",
    line: block.line,
    title: block.head,
    name,
    count: count === undefined ? undefined : Number(count),
    until: until === undefined ? undefined : parseCondition(until),
    view: viewOf(options),
  };
}
