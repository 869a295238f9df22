import type { Clause } from "../clause.ts";
import { readySecondsMax, startSecondsMax } from "../limits.ts";
import { freePort, type ServiceProcess } from "../service-process.ts";

export const listens: Clause = {
  name: "listens on HOST and PORT",
  why: "The cluster gives every pod its address; a service on another one is never reached.",
  fault: async ({ running }) => {
    if (await running.answers("/livez", 200, startSecondsMax)) return undefined;
    if (running.end) return `it ended with ${describeEnd(running)} before it answered:\n${running.said}`;
    return `GET ${running.url}/livez did not answer 200 within ${startSecondsMax} s:\n${running.said}`;
  },
};

export const becomesReady: Clause = {
  name: "becomes ready",
  why: "No request is sent to a pod before /readyz answers 200.",
  fault: async ({ running }) =>
    (await running.answers("/readyz", 200, readySecondsMax))
      ? undefined
      : `GET /readyz did not answer 200 within ${readySecondsMax} s: ${JSON.stringify(await running.get("/readyz"))}`,
};

export const refusesWrongPort: Clause = {
  name: "refuses a PORT that is none",
  why: "A wrong setting has to end the rollout with a sentence, not to run somewhere else.",
  fault: (subject) => endsNaming(subject.start({ host: "127.0.0.1", port: "http" }), "PORT"),
};

export const saysTakenPort: Clause = {
  name: "says when its port is taken",
  why: "Who starts it twice has to read which port it is.",
  fault: (subject) => {
    const { hostname, port } = new URL(subject.running.url);
    return endsNaming(subject.start({ host: hostname, port }), port);
  },
};

/** The end of a service that can't start: not 0, and a word of why. */
async function endsNaming(service: ServiceProcess, word: string): Promise<string | undefined> {
  const tooLate = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), startSecondsMax * 1_000).unref();
  });
  const end = await Promise.race([service.ended, tooLate]);
  if (!end) return `it went on running for ${startSecondsMax} s`;
  if (end.code === 0 || end.code === undefined)
    return `it ended with ${describeEnd(service)}, which is no failure that anybody notices`;
  const said = [...service.lines, ...service.errorLines].join("\n");
  return said.includes(word)
    ? undefined
    : `it ended with ${end.code} without a word of ${word}: ${said.slice(0, 500) || "(nothing)"}`;
}

export function describeEnd(service: ServiceProcess): string {
  const { code, signal } = service.end ?? {};
  return signal ?? (code === undefined ? "no exit code" : `exit code ${code}`);
}

export const usesItsHostAlone: Clause = {
  name: "listens on no other address than HOST",
  why: "Pods that share a machine have an address each; one that takes all of them is in the way of the others.",
  fault: async ({ running }) => {
    const { port } = new URL(running.url);
    const other = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    return other ? `it was told ${running.url} and answers on 127.0.0.1 as well` : undefined;
  },
};

/** 127.0.0.2 is an address of every Linux machine; others have 127.0.0.1 alone. */
export async function ownAddress(): Promise<{ readonly host: string; readonly port: string; readonly isOwn: boolean }> {
  try {
    return { host: "127.0.0.2", port: await freePort("127.0.0.2"), isOwn: true };
  } catch {
    return { host: "127.0.0.1", port: await freePort("127.0.0.1"), isOwn: false };
  }
}
