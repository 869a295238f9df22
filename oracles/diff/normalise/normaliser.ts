// Makes the replies of one run of a scenario comparable with those of another run.
import { isList, isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Reply } from "../run/answer.ts";
import { comparableHeaders } from "./header-rules.ts";
import { objectRules } from "./object-rules.ts";
import type { Place, Rule } from "./rule.ts";
import { Symbols } from "./symbols.ts";
import { textRules } from "./text-rules.ts";

export const rules: readonly Rule[] = [...objectRules, ...textRules];

export interface NormaliserOptions {
  /** The text of the scenario with its values put in. */
  readonly written: string;
  /** What the runner chose: the namespace's name, the server's address, folders. */
  readonly constants: ReadonlyMap<string, string>;
  readonly numbersVersions: boolean;
}

export function normaliseReplies(replies: readonly Reply[], options: NormaliserOptions): JsonObject[] {
  const symbols = new Symbols(options);
  for (const reply of replies) {
    if (reply.kind === "http") learn(reply.body, symbols);
    if (reply.kind === "events") learn(reply.events, symbols);
    if (reply.kind === "calls") learn(reply.calls, symbols);
  }
  return replies.map((reply) => normaliseReply(reply, symbols));
}

function normaliseReply(reply: Reply, symbols: Symbols): JsonObject {
  switch (reply.kind) {
    case "http": {
      const headers = rewrite(comparableHeaders(reply.headers), symbols);
      const body = reply.body === undefined ? {} : { body: rewrite(reply.body, symbols) };
      return { status: reply.status, headers, ...body };
    }
    case "command": {
      const { code, stdout, stderr } = reply;
      return { code, stdout: rewriteOutput(stdout, symbols), stderr: rewriteOutput(stderr, symbols) };
    }
    case "events":
      return { end: reply.end, events: rewrite(reply.events, symbols) };
    case "calls":
      return { calls: rewrite(reply.calls, symbols) };
    case "wait":
      return { met: reply.met };
  }
}

function learn(value: Json | undefined, symbols: Symbols): void {
  if (isList(value)) for (const item of value) learn(item, symbols);
  if (!isObject(value)) return;
  for (const rule of rules) rule.learn?.(value, symbols);
  for (const inner of Object.values(value)) learn(inner, symbols);
}

function rewrite(value: Json, symbols: Symbols): Json {
  return rewriteAt(value, { key: "", parents: [] }, symbols);
}

function rewriteAt(value: Json, place: Place, symbols: Symbols): Json {
  for (const rule of rules) {
    const other = rule.value?.(value, place, symbols);
    if (other === undefined) continue;
    return typeof other === "string" ? other : descend(other, place, symbols);
  }
  return descend(value, place, symbols);
}

function descend(value: Json, place: Place, symbols: Symbols): Json {
  if (typeof value === "string") return rewriteText(value, symbols);
  if (isList(value)) return value.map((item) => rewriteAt(item, { key: "", parents: place.parents }, symbols));
  if (!isObject(value)) return value;
  const object = rules.reduce((changed, rule) => rule.object?.(changed, symbols) ?? changed, value);
  const parents = [object, ...place.parents];
  const fields = Object.entries(object).map(([key, inner]): [string, Json] => [
    rewriteText(key, symbols),
    rewriteAt(inner, { key, parents }, symbols),
  ]);
  return Object.fromEntries(fields);
}

function rewriteText(text: string, symbols: Symbols): string {
  return rules.reduce((changed, rule) => rule.text?.(changed, symbols) ?? changed, symbols.replaceLiterals(text));
}

function rewriteOutput(text: string, symbols: Symbols): string {
  return rules.reduce((changed, rule) => rule.output?.(changed, symbols) ?? changed, rewriteText(text, symbols));
}
