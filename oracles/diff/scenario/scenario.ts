// What a scenario file says once it is read.
import type { Condition } from "./condition.ts";
import type { ValuePath } from "./value-path.ts";

/**
 * What a scenario needs of the cluster. `api`: any server, with controllers or without, gives the same answers.
 * `bare`: only a server without controllers. `controllers` and `nodes`: the parts named.
 */
export type Need = "api" | "bare" | "controllers" | "nodes";
export const needs: readonly Need[] = ["api", "bare", "controllers", "nodes"];

export interface Identity {
  readonly user?: string;
  readonly groups: readonly string[];
  readonly token?: string;
  readonly anonymous: boolean;
}

export interface Capture {
  readonly name: string;
  readonly path: ValuePath;
}

/** What of an answer is compared. */
export interface View {
  readonly ignore: readonly ValuePath[];
  /** Nothing but these; everything when empty. */
  readonly only: readonly ValuePath[];
  /** Subtrees below this depth are compared, and kept, as hashes. */
  readonly fold: number | undefined;
  /** The body as text, byte for byte, instead of as JSON. */
  readonly raw: boolean;
  /** Lists whose order means nothing, by path. */
  readonly unordered: readonly ValuePath[];
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly identity: Identity;
  /** As written, in YAML or JSON, before values are put in. */
  readonly body: string | undefined;
  /** `json`: the body is sent as JSON, whatever it is written in; `text`: as it is written. */
  readonly send: "json" | "text";
}

interface StepBase {
  readonly line: number;
  /** Names the step in reports and in what is recorded: its first line. */
  readonly title: string;
}

export interface RequestStep extends StepBase {
  readonly kind: "request";
  readonly request: RequestLine;
  readonly captures: readonly Capture[];
  readonly view: View;
  /** A change of the body, for a step that came from a `cases` list. */
  readonly change: readonly Mutation[];
}

export interface WaitStep extends StepBase {
  readonly kind: "wait";
  readonly request: RequestLine;
  readonly until: Condition;
  readonly withinMs: number;
  readonly captures: readonly Capture[];
}

export interface CommandStep extends StepBase {
  readonly kind: "command";
  readonly program: "kubectl" | "helm";
  /** Only for kubectl; the scenario's version when left out. */
  readonly version: string | undefined;
  readonly arguments: readonly string[];
  readonly input: string | undefined;
  readonly view: CommandView;
}

/** `lines`: only the lines that match; `sorted`: their order means nothing; `exit`: nothing but the exit code. */
export interface CommandView {
  readonly lines: RegExp | undefined;
  readonly sorted: boolean;
  readonly exitOnly: boolean;
}

export interface FileStep extends StepBase {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
}

export interface WatchStep extends StepBase {
  readonly kind: "watch";
  readonly name: string;
  readonly request: RequestLine;
}

export interface EventsStep extends StepBase {
  readonly kind: "events";
  readonly name: string;
  /** This many, or until one that fits; its whole stream until the server ends it when both are left out. */
  readonly count: number | undefined;
  readonly until: Condition | undefined;
  readonly view: View;
}

export interface WebhookStep extends StepBase {
  readonly kind: "webhook";
  readonly name: string;
  readonly behaviour: string;
}

export interface CallsStep extends StepBase {
  readonly kind: "calls";
  readonly name: string;
  readonly view: View;
}

export type Step = RequestStep | WaitStep | CommandStep | FileStep | WatchStep | EventsStep | WebhookStep | CallsStep;

export type Mutation =
  | { readonly kind: "set"; readonly path: ValuePath; readonly value: string }
  | { readonly kind: "remove"; readonly path: ValuePath };

export interface Scenario {
  /** The file's name without its ending. */
  readonly topic: string;
  readonly name: string;
  readonly line: number;
  readonly needs: Need;
  /** Runs while no other does: it looks at what all share. */
  readonly alone: boolean;
  /** Labels of its namespace. */
  readonly labels: Readonly<Record<string, string>>;
  readonly kubectl: readonly string[];
  /** Cluster-wide kinds of which it makes objects by commands: what begins with its namespace's name is removed. */
  readonly sweep: readonly string[];
  readonly steps: readonly Step[];
  /** Changes when the text of the scenario does. */
  readonly key: string;
}

export const defaultView: View = { ignore: [], only: [], fold: undefined, raw: false, unordered: [] };
