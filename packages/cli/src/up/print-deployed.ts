import type { Terminal } from "../terminal/terminal.ts";
import type { Style } from "../terminal/style.ts";
import type { Deployed, Failure } from "./deploy.ts";
import { isWantOfDisk } from "./disk-room.ts";
import { isWell } from "./service-state.ts";
import { serviceTable } from "./service-table.ts";

export interface PrintDeployedOptions {
  /** For programs, beside the services. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** `shop in dev` */
  readonly what: string;
  readonly seconds: number;
  readonly addressOf?: (address: string) => string;
  /** What can be done now. */
  readonly hints: readonly string[];
}

/** What `up` says in the end: the services, what is wrong with some, and what can be done now. */
export function printDeployed(terminal: Terminal, deployed: Deployed, options: PrintDeployedOptions): void {
  const { services, failures, objects } = deployed;
  const { facts, what, seconds, addressOf, hints } = options;
  terminal.print({ ...facts, seconds, objects, services, failures }, (style) =>
    [
      serviceTable(services, style, addressOf),
      "",
      ...failures.flatMap((failure) => failureText(failure, style)),
      verdict(deployed, `${what}: `, { style, took: `after ${seconds.toFixed(1)} s` }),
      ...hints.map((hint) => style.dim(hint)),
    ].join("\n"),
  );
}

function failureText({ service, reason, log }: Failure, style: Style): readonly string[] {
  const lines = log === "" ? [] : log.split("\n").map((line) => style.dim(`  ${line}`));
  return [`${style.bad(service)}: ${reason}`, ...lines, ""];
}

function verdict(
  { services, failures }: Deployed,
  what: string,
  { style, took }: { readonly style: Style; readonly took: string },
): string {
  const well = services.filter(isWell).length;
  const all = services.length === 1 ? "1 service is" : `${services.length} services are`;
  if (well === services.length) return style.good(`${what}${all} healthy ${took}`);
  const unwell = `${what}${services.length - well} of ${services.length} services are not healthy ${took}`;
  const whatToDo = failures.some(({ reason }) => isWantOfDisk(reason))
    ? "the disk is full, or nearly so: free some space and run fairway up again"
    : "mend what is wrong and run fairway up again; fairway logs SERVICE shows more";
  return `${style.bad(unwell)}\n${style.dim(whatToDo)}`;
}
