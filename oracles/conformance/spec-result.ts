import { OracleError } from "../machine/oracle-error.ts";

export type SpecState = "passed" | "failed" | "skipped";

/** How one spec of the suite ended. Specs that weren't chosen are not there. */
export interface SpecResult {
  readonly name: string;
  readonly state: SpecState;
  readonly seconds: number;
  /** The first line of what it says about its failure (or about being skipped). */
  readonly message: string;
}

/** Reads the JSON report of ginkgo 2. */
export function parseReport(text: string): SpecResult[] {
  const suites: unknown = JSON.parse(text);
  if (!Array.isArray(suites))
    throw new OracleError("bad-input", "the report of the suite is not a list: ginkgo 2 writes one");
  return suites.flatMap((suite) => list(suite, "SpecReports").flatMap(resultOf)).sort(byName);
}

/** What went wrong outside of any spec (before or after them all), one line each. */
export function parseSuiteFailures(text: string): string[] {
  const suites: unknown = JSON.parse(text);
  if (!Array.isArray(suites)) return [];
  return suites
    .flatMap((suite) => list(suite, "SpecReports"))
    .filter((report) => field(report, "LeafNodeType") !== "It" && isFailure(field(report, "State")))
    .map((report) => `${words(field(report, "LeafNodeType"))}: ${messageOf(report)}`);
}

function resultOf(report: unknown): SpecResult[] {
  if (field(report, "LeafNodeType") !== "It") return [];
  const state = field(report, "State");
  const attempted = field(report, "NumAttempts") !== 0;
  if (state === "pending" || (state === "skipped" && !attempted)) return [];
  const containers = list(report, "ContainerHierarchyTexts").map(words);
  return [
    {
      name: [...containers, words(field(report, "LeafNodeText"))].join(" "),
      state: state === "passed" || state === "skipped" ? state : "failed",
      seconds: Math.round(Number(field(report, "RunTime")) / 1e8) / 10,
      message: state === "passed" ? "" : messageOf(report),
    },
  ];
}

function isFailure(state: unknown): boolean {
  return state !== "passed" && state !== "skipped" && state !== "pending";
}

function messageOf(report: unknown): string {
  const message = words(field(field(report, "Failure"), "Message"));
  return firstLine(message) || words(field(report, "State"));
}

/** Messages often start with a blank line or end their first one with a colon, the reason being in the next. */
export function firstLine(message: string): string {
  const lines = message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = "", second = ""] = lines;
  return first.endsWith(":") && second !== "" ? `${first} ${second}` : first;
}

/** The group in Kubernetes that looks after a spec: "[sig-network] Services ..." is "network". */
export function sigOf(name: string): string {
  return /\[sig-([a-z-]+)\]/u.exec(name)?.[1] ?? "none";
}

function byName(left: SpecResult, right: SpecResult): number {
  return left.name < right.name ? -1 : Number(left.name > right.name);
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = field(value, key);
  return Array.isArray(found) ? found : [];
}

function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}
