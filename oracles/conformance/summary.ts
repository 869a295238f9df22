import { sigOf } from "./spec-result.ts";
import type { SpecResult } from "./spec-result.ts";

/** A line for each group of Kubernetes, and their sum. */
export function tableBySig(results: readonly SpecResult[]): string {
  const sigs = [...new Set(results.map((result) => sigOf(result.name)))].sort();
  const rows = [
    ...sigs.map((sig) =>
      row(
        sig,
        results.filter((each) => sigOf(each.name) === sig),
      ),
    ),
    row("all", results),
  ];
  const header = ["sig", "passed", "failed", "skipped", "time"];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((each) => (each[column] ?? "").length)),
  );
  return [header, ...rows]
    .map((cells) =>
      cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}

function row(title: string, results: readonly SpecResult[]): string[] {
  const of = (state: SpecResult["state"]): string => String(results.filter((each) => each.state === state).length);
  const seconds = results.reduce((sum, each) => sum + each.seconds, 0);
  return [title, of("passed"), of("failed"), of("skipped"), `${Math.round(seconds)} s`];
}

export function failureLines(results: readonly SpecResult[]): string[] {
  return results.flatMap((result) =>
    result.state === "failed" ? [`failed ${result.name}`, `    ${result.message}`] : [],
  );
}

/** JUnit's XML, as CI systems read it. */
export function junit(results: readonly SpecResult[]): string {
  const of = (state: SpecResult["state"]): number => results.filter((each) => each.state === state).length;
  const total = results.reduce((sum, each) => sum + each.seconds, 0).toFixed(1);
  const counts = `tests="${results.length}" failures="${of("failed")}" skipped="${of("skipped")}" time="${total}"`;
  const cases = results.map((result) => {
    const open = `    <testcase classname="${sigOf(result.name)}" name="${escapeXml(result.name)}" time="${result.seconds}"`;
    if (result.state === "passed") return `${open}/>`;
    const element = result.state === "failed" ? "failure" : "skipped";
    return `${open}><${element} message="${escapeXml(result.message)}"/></testcase>`;
  });
  const suite = [`  <testsuite name="conformance" ${counts}>`, ...cases, "  </testsuite>"];
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suite, "</testsuites>", ""].join("\n");
}

/** XML has no way to write most control characters, so they become blanks. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
