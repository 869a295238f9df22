import type { Edit } from "./edit.ts";

/** A few requests that both servers get, and whose answers must be the same. */
export interface Case {
  /** Of the seed, so that it can be made again alone. */
  readonly number: number;
  /** What is asked for: `Deployment`. */
  readonly subject: string;
  /** How: `create`, `merge patch`. */
  readonly manner: string;
  readonly steps: readonly CaseStep[];
}

export interface CaseStep {
  readonly method: string;
  /** With `$ns` for the namespace of the case. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, before the edits; of `last`, what the server answered last with an object. */
  readonly body?: unknown;
  readonly ofLast?: true;
  /** Asked again until it is there: what is defined is served a little later. */
  readonly isAwaited?: true;
  readonly edits?: readonly Edit[];
}
