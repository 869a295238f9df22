import type { Clause } from "./clause.ts";
import { boundsItsSeries, describesProblems, logsAsJson, measures, survivesBadInput } from "./clauses/requests.ts";
import { drains } from "./clauses/shutdown.ts";
import {
  becomesReady,
  listens,
  ownAddress,
  refusesWrongPort,
  saysTakenPort,
  usesItsHostAlone,
} from "./clauses/start.ts";
import { ServiceProcess, type ServiceCommand } from "./service-process.ts";

/** In order: what needs the service alive comes before what ends it. */
export const clauses: readonly Clause[] = [
  listens,
  becomesReady,
  usesItsHostAlone,
  describesProblems,
  measures,
  boundsItsSeries,
  logsAsJson,
  survivesBadInput,
  saysTakenPort,
  refusesWrongPort,
  drains,
];

export interface ClauseResult {
  readonly clause: string;
  readonly why: string;
  readonly outcome: "kept" | "broken" | "not checked";
  /** What is wrong, or why it couldn't be looked at. */
  readonly detail: string;
}

/** Starts the service, holds it against every clause, and ends it. */
export async function checkRuntimeContract(
  command: ServiceCommand,
  onResult: (result: ClauseResult) => void = () => undefined,
): Promise<readonly ClauseResult[]> {
  const { isOwn, ...address } = await ownAddress();
  const processes: ServiceProcess[] = [];
  const start = (at: { readonly host: string; readonly port: string }): ServiceProcess => {
    const started = new ServiceProcess(command, at);
    processes.push(started);
    return started;
  };
  const results: ClauseResult[] = [];
  try {
    const subject = { running: start(address), command, start };
    for (const clause of clauses) {
      const result = await held(
        clause,
        async () => {
          if (results[0]?.outcome === "broken" || subject.running.end) return "the service does not run";
          return clause === usesItsHostAlone && !isOwn ? "this machine has one loopback address only" : undefined;
        },
        () => clause.fault(subject),
      );
      results.push(result);
      onResult(result);
    }
  } finally {
    await Promise.all(processes.map((each) => each.kill()));
  }
  return results;
}

async function held(
  { name, why }: Clause,
  obstacle: () => Promise<string | undefined>,
  fault: () => Promise<string | undefined>,
): Promise<ClauseResult> {
  const reason = await obstacle();
  if (reason !== undefined) return { clause: name, why, outcome: "not checked", detail: reason };
  const found = await fault();
  return { clause: name, why, outcome: found === undefined ? "kept" : "broken", detail: found ?? "" };
}
