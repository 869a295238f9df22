import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WireAnswer } from "../diff/answer.ts";
import { ClusterClient } from "../diff/cluster-client.ts";
import type { ClusterAccess } from "../diff/kubeconfig.ts";
import type { Case } from "./case.ts";
import { findingOf, type Finding } from "./classify.ts";
import { parallelCases } from "./limits.ts";
import { makeNamespace, tellCase } from "./tell-case.ts";

/** A case with what the real API server answered. */
export interface RecordedCase {
  readonly told: Case;
  readonly answers: readonly WireAnswer[];
}

export interface Departure {
  readonly told: Case;
  readonly finding: Finding;
}

const file = join(import.meta.dirname, "testdata/recorded-cases.json");

export function readRecordedCases(): readonly RecordedCase[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as RecordedCase[]) : [];
}

/** A line for each case, so that a changed answer is a changed line. */
export function writeRecordedCases(cases: readonly RecordedCase[]): void {
  writeFileSync(file, `[\n${cases.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`);
}

/** Tells the cases to a server and holds its answers against those that were recorded. */
export async function departuresOf(
  access: ClusterAccess,
  cases: readonly RecordedCase[],
): Promise<readonly Departure[]> {
  const client = new ClusterClient(access);
  const found: Departure[] = [];
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { told, answers } = next;
      const namespace = `fuzz-recorded-${told.number}`;
      await makeNamespace(client, namespace);
      const finding = findingOf(answers, reduced(await tellCase(client, told, namespace)));
      if (finding) found.push({ told, finding });
    }
  };
  try {
    await Promise.all(Array.from({ length: parallelCases }, work));
  } finally {
    client.close();
  }
  return found;
}

const keptHeaders = ["content-type", "warning"];

/** Without the headers that are the same for all requests, and without steps that only make and remove. */
export function reduced(answers: readonly WireAnswer[]): readonly WireAnswer[] {
  return answers.map(({ headers, ...answer }) => ({
    ...answer,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => keptHeaders.includes(name))),
  }));
}
