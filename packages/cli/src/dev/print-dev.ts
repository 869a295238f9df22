import { relative } from "node:path";
import type { Style } from "../terminal/style.ts";
import type { CompileProblem } from "./compile-problem.ts";
import type { AppliedChange, DevEvent } from "./dev-event.ts";

export interface DevPlace {
  readonly service: string;
  /** Paths are shown from here. */
  readonly cwd: string;
  readonly addresses: readonly string[];
}

/** An event as a person reads it. */
export function describeDev(event: DevEvent, place: DevPlace, style: Style): string {
  switch (event.event) {
    case "watching":
      return [
        `${place.service} ${event.version} · ${event.folders.map((each) => shown(each, place)).join(", ")} watched`,
        ...place.addresses.map((each) => style.accent(each)),
        style.dim("each save is built and rolled out, descriptions are applied · Ctrl-C ends it"),
      ].join("\n");
    case "unchanged":
      return style.dim(`${event.version} is what is in the folder`);
    case "not-compiled":
      return `${compileText(event.compile, place, style)}\n${style.dim(`${event.version} goes on`)}`;
    case "not-built":
      return `${style.bad("it could not be built:")} ${event.reason}\n${style.dim(`${event.version} goes on`)}`;
    case "rolling-out":
      return style.dim(`${event.version} rolls out, ${seconds(event.buildMs)} after the save`);
    case "serving":
      return (
        `${style.good(`${event.version} serves`)} ${seconds(event.tookMs)} after the save ` +
        style.dim(`(${seconds(event.rolloutMs)} of it the rollout)`)
      );
    case "failing":
      return [
        `${style.bad(`${event.version} does not start${event.changed === "description" ? " as it is described now" : ""}:`)} ${event.reason}`,
        ...event.log
          .split("\n")
          .filter(Boolean)
          .map((line) => `  ${style.dim("│")} ${line}`),
        style.dim(`${event.serving} goes on`),
      ].join("\n");
    case "applied":
      return `${style.good(`${namesOf(event.paths, place)} applied:`)} ${changesText(event.changes)} ${style.dim(`(${seconds(event.tookMs)} after the save)`)}`;
    case "not-applied":
      return `${style.bad("not applied:")} ${event.reason}\n${style.dim(`${event.version} goes on as it was described before`)}`;
    case "ended":
      return event.wentBack ? `went back to ${event.version}` : `${event.version} stays, until the next fairway up`;
  }
}

function compileText({ problems, more }: CompileProblem, place: DevPlace, style: Style): string {
  const texts = problems.map(({ file, line, column, message, picture }) => {
    const where = file === undefined ? "" : `${shown(file, place)}:${line}:${column}: `;
    const drawn = picture.split("\n").slice(1).join("\n");
    return [`${style.bad(where)}${message}`, ...(drawn.trim() === "" ? [] : [drawn])].join("\n");
  });
  return [...texts, ...(more > 0 ? [style.bad(`and ${more} more`)] : [])].join("\n");
}

function namesOf(paths: readonly string[], place: DevPlace): string {
  return paths.map((path) => shown(path, place)).join(" and ");
}

/** `Deployment changed, 2 x NetworkPolicy created` */
function changesText(changes: readonly AppliedChange[]): string {
  if (changes.length === 0) return "nothing that runs is described otherwise";
  const alike = Map.groupBy(changes, ({ kind, change }) => `${kind} ${change}`);
  return [...alike].map(([what, some]) => (some.length === 1 ? what : `${some.length} x ${what}`)).join(", ");
}

function shown(path: string, { cwd }: DevPlace): string {
  const from = relative(cwd, path);
  return from === "" ? "." : from.startsWith("../..") ? path : from;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
