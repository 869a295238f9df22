// What a step brought, before and after it is made comparable.
import type { RawAnswer } from "../cluster/http-client.ts";
import { parseJson } from "../json.ts";
import type { Json } from "../json.ts";
import { describeProtobuf } from "./protobuf-envelope.ts";

export interface HttpReply {
  readonly kind: "http";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

export interface CommandReply {
  readonly kind: "command";
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface EventsReply {
  readonly kind: "events";
  readonly end: string;
  readonly events: readonly Json[];
}

export interface CallsReply {
  readonly kind: "calls";
  readonly calls: readonly Json[];
}

export interface WaitReply {
  readonly kind: "wait";
  readonly met: boolean;
  /** What was there last, for the reader; it is not compared. */
  readonly last: string;
}

export type Reply = HttpReply | CommandReply | EventsReply | CallsReply | WaitReply;

export function httpReply(answer: RawAnswer, raw: boolean): HttpReply {
  return { kind: "http", status: answer.status, headers: answer.headers, body: bodyOf(answer, raw) };
}

function bodyOf(answer: RawAnswer, raw: boolean): Json | undefined {
  if (answer.body.length === 0) return undefined;
  const type = answer.headers["content-type"] ?? "";
  if (/protobuf/u.test(type)) return describeProtobuf(answer.body);
  const text = answer.body.toString("utf8");
  if (raw) return text;
  const lines = /json-seq|stream=watch/u.test(type) ? text.trim().split("\n") : [];
  if (lines.length > 1) return lines.map((line) => parseJson(line) ?? line);
  return parseJson(text) ?? text;
}
