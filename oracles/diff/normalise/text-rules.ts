// Rules for texts: strings in JSON, plain bodies, output of commands.
import type { Rule } from "./rule.ts";
import type { Symbols } from "./symbols.ts";

/** Replaces what the pattern finds, unless the scenario wrote it itself. */
function replacing(
  pattern: RegExp,
  symbolOf: (found: string, symbols: Symbols) => string,
): (text: string, symbols: Symbols) => string {
  return (text, symbols) =>
    text.replaceAll(pattern, (found) => (symbols.isWritten(found) ? found : symbolOf(found, symbols)));
}

const uid: Rule = {
  name: "uid",
  why: "random; that two are the same is kept",
  text: replacing(/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gu, (found, symbols) =>
    symbols.symbol("uid", found),
  ),
};

const time: Rule = {
  name: "time",
  why: "the clock; how many digits the second has is kept",
  text: replacing(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/gu, (found) => {
    const digits = /\.(?<digits>\d+)/u.exec(found)?.groups?.["digits"]?.length;
    return digits === undefined ? "<time>" : `<time.${digits > 6 ? "n" : digits}>`;
  }),
};

const certificate: Rule = {
  name: "certificate",
  why: "each cluster has its own authority",
  text: (text) => text.replaceAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/gu, "<certificate>"),
};

const tokenInText: Rule = {
  name: "token-in-text",
  why: "signatures and times vary; where a token stands alone its claims are compared",
  text: (text) => text.replaceAll(/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/gu, "<token>"),
};

const versionInText: Rule = {
  name: "version-in-text",
  why: "resource versions in sentences and in YAML",
  text: (text) =>
    text
      .replaceAll(/(?<=resource ?[vV]ersion:? "?)[1-9]\d+(?="?)/gu, "<rv>")
      .replaceAll(/(?<=too old resource version: \d+ \()\d+/gu, "<rv>")
      .replaceAll(/(?<=Too large resource version: \d+, current: )\d+/gu, "<rv>"),
};

const duration: Rule = {
  name: "duration-in-output",
  why: "ages in what kubectl prints; only short ones, as a scenario takes seconds",
  output: (text) => text.replaceAll(/(?<=^|[ (])(?:\d{1,2}s|\dm(?:\d{1,2}s)?|<invalid>)(?=$|[ )])/gmu, "<age>"),
};

const printedTime: Rule = {
  name: "printed-time",
  why: "times as kubectl describe and helm print them",
  output: (text) =>
    text
      .replaceAll(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [\w ]{5,7} \d\d:\d\d:\d\d(?: \d{4}| [+-]\d{4})?/gu, "<time>")
      .replaceAll(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/gu, "<time>")
      .replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4} \w+/gu, "<time>"),
};

const logHead: Rule = {
  name: "log-head",
  why: "clients put time, process and line before their own warnings",
  output: (text) => text.replaceAll(/^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (?<file>[\w.]+):\d+\]/gmu, "<log $<file>>"),
};

const columnPadding: Rule = {
  name: "column-padding",
  why: "kubectl pads columns by the widest value, which may be an age",
  output: (text) => text.replaceAll(/(?<=\S)(?: {2,}|\t+| +\t+)/gu, "  ").replaceAll(/[ \t]+$/gmu, ""),
};

const requestDuration: Rule = {
  name: "request-duration",
  why: "how long something took",
  text: (text) => text.replaceAll(/(?<=\b(?:after|took|elapsed|within) )\d+(?:\.\d+)?(?:ms|µs|s)\b/gu, "<duration>"),
};

export const textRules: readonly Rule[] = [
  certificate,
  tokenInText,
  uid,
  time,
  versionInText,
  printedTime,
  logHead,
  duration,
  columnPadding,
  requestDuration,
];
