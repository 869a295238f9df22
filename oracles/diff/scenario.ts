import type { Program } from "./clients/client-program.ts";

/** A short story told to a cluster. Its namespace `$ns` is new, and gone afterwards. */
export interface Scenario {
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly needs: "api" | "controllers";
  /** What its command lines are run with, `1.34`; undefined when it has none. */
  readonly kubectl: string | undefined;
  /** Of its namespace. */
  readonly labels: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export type Step =
  | RequestStep
  | CommandStep
  | EventsStep
  | FileStep
  | WebhookStep
  | PodsStep
  | CallsStep
  | SaveStep
  | IdentityStep;

export interface RequestStep {
  readonly kind: "request";
  readonly line: number;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Asked again until the answer's value at the path is the wanted one. */
  readonly until: Condition | undefined;
  /** Not part of the comparison: it only prepares what follows. */
  readonly isSetup: boolean;
  /** The request opens a watch of this name, which goes on while the next steps are told. */
  readonly watch: string | undefined;
}

/** The next events of a watch. */
export interface EventsStep {
  readonly kind: "events";
  readonly line: number;
  readonly watch: string;
  readonly count: number;
}

export interface Condition {
  readonly path: string;
  /** A text, or a regular expression between slashes. */
  readonly value: string;
}

/** A command line of kubectl or helm, and what it reads from its standard input. */
export interface CommandStep {
  readonly kind: "command";
  readonly line: number;
  readonly program: Program;
  readonly args: readonly string[];
  readonly isSetup: boolean;
  readonly input: string;
}

/** A file in the folder in which the command lines run. */
export interface FileStep {
  readonly kind: "file";
  readonly line: number;
  readonly path: string;
  readonly content: string;
}

/** A webhook that scenarios reach as `$hooks/NAME`, with the certificate `$ca`. */
export interface WebhookStep {
  readonly kind: "webhook";
  readonly line: number;
  readonly name: string;
  readonly behaviour: string;
}

/** What a webhook was asked since the last time. */
export interface CallsStep {
  readonly kind: "calls";
  readonly line: number;
  readonly webhook: string;
  /** The first so many only, where the server may repeat itself: caches ask for conversions of their own. */
  readonly count: number | undefined;
  readonly isSetup: boolean;
}

/** What a kubelet would write of pods that nobody runs. */
export interface PodsStep {
  readonly kind: "pods";
  readonly line: number;
  readonly selector: string;
  readonly count: number;
  readonly state: PodState;
}

export interface PodState {
  readonly name: "Ready" | "Unready" | "Succeeded" | "Failed";
  readonly exitCode: number;
}

/** Keeps a value of the last answer for later steps: `$name`. */
export interface SaveStep {
  readonly kind: "save";
  readonly line: number;
  readonly name: string;
  readonly path: string;
}

/** Who asks from here on; without a user, the administrator. */
export interface IdentityStep {
  readonly kind: "identity";
  readonly line: number;
  readonly user: string;
  readonly groups: readonly string[];
}
