import { encode } from "@fairway/yaml";
import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { Call } from "./call.ts";
import { encodeEnveloped, isEncodable, protobufType } from "../protobuf/index.ts";
import { formOf, formOfCall, notOfShape, type Form } from "./negotiate.ts";
import { isStoredAsAsked } from "./object-store.ts";
import { partialObject } from "./partial-metadata.ts";
import type { Status } from "./status.ts";
import { tableOf } from "./table.ts";
import type { Written } from "./write.ts";

const cacheControl = "no-cache, private";

/** An object in the form that the client asked for. */
export function answerObject(call: Call, object: KubeObject, status = 200): ApiResponse {
  const form = formOfCall(call);
  return answerValue(shaped(call, object, form), { status, form, warnings: call.warnings });
}

/** What was written: the bytes that were stored are the answer, as they are when it is read. */
export function answerWritten(call: Call, { object, outcome }: Written, status: number): ApiResponse {
  const form = formOfCall(call);
  if (outcome?.kind !== "written" || !isPlain(form) || !isStoredAsAsked(call.kind))
    return answerObject(call, object, status);
  return answerText(outcome.stored.value, { status, type: form.contentType, warnings: call.warnings });
}

/** JSON of the whole without anything that makes it easier to read. */
export function isPlain({ as, type, isPretty }: Form): boolean {
  return as === "object" && type === "application/json" && !isPretty;
}

function shaped(call: Call, object: KubeObject, form: Form): unknown {
  switch (form.as) {
    case "Table":
      return tableOf(call.kind, [object], {
        form,
        query: call.request.query,
        now: call.now,
        metadata: versionOnly(object),
      });
    case "PartialObjectMetadata":
      return partialObject(object, form);
    case "PartialObjectMetadataList":
      throw notOfShape(form, call.kind);
    default:
      return ordered(object);
  }
}

function versionOnly({ metadata: { resourceVersion } }: KubeObject): Readonly<Record<string, unknown>> {
  return resourceVersion === undefined ? {} : { resourceVersion };
}

/** Kind and version first, as Kubernetes writes them. */
export function ordered(object: KubeObject): KubeObject {
  const { kind, apiVersion, metadata, ...rest } = object;
  return { kind, apiVersion, metadata, ...rest };
}

export function answerValue(
  value: unknown,
  { status, form, warnings = [] }: { status: number; form: Form; warnings?: readonly string[] },
): ApiResponse {
  // What has no message is written as the JSON that every client reads.
  const type = form.type === protobufType && !hasMessage(value) ? "application/json" : form.type;
  return answerText(textOf(value, type, form.isPretty), { status, type, warnings });
}

function textOf(value: unknown, type: Form["type"], isPretty: boolean): Buffer | string {
  if (type === "application/yaml") return encode(value);
  if (type === protobufType) return encodeEnveloped(value as Readonly<Record<string, unknown>>);
  return `${JSON.stringify(value, null, isPretty ? 2 : undefined)}\n`;
}

function hasMessage(value: unknown): boolean {
  const { apiVersion, kind } = value as Readonly<Record<string, unknown>>;
  return isEncodable(String(apiVersion), String(kind));
}

export function answerText(
  body: string | Buffer,
  { status, type, warnings = [] }: { status: number; type: string; warnings?: readonly string[] },
): ApiResponse {
  const headers = { "content-type": type, "cache-control": cacheControl, ...warningHeaders(warnings) };
  return { kind: "whole", status, headers, body };
}

/** Errors come as JSON at least, whatever the client can't have. */
export function answerStatus(
  request: Pick<ApiRequest, "headers" | "query">,
  status: Status,
  warnings: readonly string[] = [],
): ApiResponse {
  const form = formOf(request, "error");
  const answer = answerValue(status, { status: status.code ?? 200, form, warnings });
  const seconds = status.details?.retryAfterSeconds;
  if (seconds === undefined || answer.kind !== "whole") return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": String(seconds) } };
}

export function warningHeaders(warnings: readonly string[]): { readonly warning?: readonly string[] } {
  if (warnings.length === 0) return {};
  return { warning: [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text).replace(/\\n/g, " ")}`) };
}
