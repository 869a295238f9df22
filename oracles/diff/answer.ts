import { createHash } from "node:crypto";
import { normalisedOutput } from "./clients/normalise-output.ts";
import type { CommandResult } from "./clients/run-client.ts";
import type { HttpAnswer } from "./cluster-client.ts";
import { recordedBodyLengthMax } from "./limits.ts";
import type { CommandStep } from "./scenario.ts";
import { isOpenApi, openApiDigests } from "./open-api.ts";
import { normalisedHeaders, normalisedJson, normalisedText, type Surroundings } from "./normalise.ts";

/** What is compared and recorded of one step. */
export type Answer = WireAnswer | CommandAnswer | WebhookAnswer;

export interface WireAnswer {
  readonly step: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where it is JSON, a list for the events of a watch, text otherwise. */
  readonly body: unknown;
}

export interface CommandAnswer {
  readonly step: string;
  readonly exitCode: number;
  /** Lines, so that a difference names one. */
  readonly output: readonly string[];
  readonly errors: readonly string[];
}

/** What a webhook of the scenario was asked. */
export interface WebhookAnswer {
  readonly step: string;
  readonly calls: unknown;
}

export function wireAnswer(step: string, answer: HttpAnswer, surroundings: Surroundings): WireAnswer {
  return {
    step,
    status: answer.status,
    headers: normalisedHeaders(answer.headers, surroundings),
    body: bodyOf(answer, surroundings),
  };
}

export function commandAnswer(
  { program, args }: Pick<CommandStep, "program" | "args">,
  { exitCode, output, errors }: CommandResult,
  surroundings: Surroundings,
): CommandAnswer {
  const lines = (text: string) => normalisedOutput(text, { args, surroundings }).split("\n");
  return { step: `${program} ${args.join(" ")}`, exitCode, output: lines(output), errors: lines(errors) };
}

function bodyOf({ body, headers }: HttpAnswer, surroundings: Surroundings): unknown {
  const type = headers["content-type"] ?? "";
  if (type.includes("protobuf")) return protobufHead(body);
  const whole = parsed(body);
  if (isOpenApi(whole)) return openApiDigests(whole);
  if (!type.includes("json")) return normalisedText(body, surroundings);
  if (body.length > recordedBodyLengthMax) return longBody(body);
  if (whole !== undefined)
    return isEvent(whole) ? [normalisedJson(whole, surroundings)] : normalisedJson(whole, surroundings);
  const events = body.split("\n").filter((line) => line !== "");
  return events.map((line) => normalisedJson(parsed(line) ?? line, surroundings));
}

/** A watch of one event is a list all the same. */
function isEvent(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && "object" in value;
}

/** Times and ids are deep inside protobuf: what its envelope says, the prefix, version and kind, is compared. */
function protobufHead(body: string): unknown {
  const found = /^k8s\0\n.\n.(?<apiVersion>[\w./]*)\x12.(?<kind>\w+)/su.exec(body)?.groups;
  return { protobuf: found === undefined ? "without the envelope of Kubernetes" : { ...found } };
}

function longBody(body: string): unknown {
  const value = parsed(body);
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return { longBody: { keys, sha256: createHash("sha256").update(body).digest("hex") } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
