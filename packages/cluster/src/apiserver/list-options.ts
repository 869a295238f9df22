import type { FieldError } from "../object/field-error.ts";
import { isTrue } from "./request-info.ts";
import { ApiError, badRequest, invalid } from "./status.ts";

export interface ListOptions {
  readonly limit: number;
  readonly continueFrom: ContinueToken | undefined;
  /** Undefined: the newest. */
  readonly resourceVersion: number | undefined;
  readonly match: "" | "Exact" | "NotOlderThan";
  readonly timeoutSeconds: number | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/** Where the next page begins: at a key, as of a revision. */
export interface ContinueToken {
  readonly revision: number;
  /** Relative to the prefix of the list. */
  readonly start: string;
}

export function listOptionsOf(query: URLSearchParams, verb: "list" | "watch"): ListOptions {
  const limit = number(query, "limit");
  const timeoutSeconds = number(query, "timeoutSeconds");
  const version = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  const initial = query.get("sendInitialEvents");
  const errors = faults({ version, match, initial, verb, continues: (query.get("continue") ?? "") !== "" });
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
  if (!/^\d*$/.test(version))
    throw badRequest(
      verb === "watch"
        ? `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`
        : `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
  return {
    limit: limit ?? 0,
    continueFrom: continueToken(query.get("continue") ?? ""),
    resourceVersion: version === "" ? undefined : Number(version),
    match: match === "Exact" || match === "NotOlderThan" ? match : "",
    timeoutSeconds,
    allowWatchBookmarks: isTrue(query.get("allowWatchBookmarks")),
    sendInitialEvents: initial === null ? undefined : isTrue(initial),
  };
}

interface Asked {
  readonly version: string;
  readonly match: string;
  readonly initial: string | null;
  readonly verb: "list" | "watch";
  readonly continues: boolean;
}

function faults({ version, match, initial, verb, continues }: Asked): readonly FieldError[] {
  const forbidden = (field: string, why: string): FieldError => ({
    reason: "FieldValueForbidden",
    field,
    message: `Forbidden: ${why}`,
  });
  const errors: FieldError[] = [];
  if (initial !== null && verb === "list")
    errors.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  if (verb === "watch" && match !== "" && initial === null)
    errors.push(
      forbidden(
        "resourceVersionMatch",
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      ),
    );
  if (verb === "watch" && initial !== null && match !== "NotOlderThan")
    errors.push(
      forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"),
    );
  if (verb === "list" && match !== "") {
    if (version === "")
      errors.push(
        forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"),
      );
    if (continues)
      errors.push(forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
    if (match !== "Exact" && match !== "NotOlderThan")
      errors.push({
        reason: "FieldValueNotSupported",
        field: "resourceVersionMatch",
        message: `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
      });
    if (match === "Exact" && version === "0")
      errors.push(
        forbidden("resourceVersionMatch", `resourceVersionMatch "exact" is forbidden for resourceVersion "0"`),
      );
  }
  return errors;
}

function number(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** As Kubernetes writes it: base64 of `{"v":"meta.k8s.io/v1","rv":12,"start":"name\u0000"}`. */
export function encodeContinue({ revision, start }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: `${start}\u0000` })).toString(
    "base64url",
  );
}

function continueToken(text: string): ContinueToken | undefined {
  if (text === "") return undefined;
  const json = Buffer.from(text, "base64url").toString("utf8");
  const value = parsed(json);
  if (value === undefined)
    throw badRequest(
      `invalid continue token: continue key is not valid: ${goComplaint(Buffer.from(text, "base64url"))}`,
    );
  const { v, rv, start } = value;
  if (v !== "meta.k8s.io/v1")
    throw badRequest(
      "invalid continue token: continue key is not valid: server does not recognize this encoded version",
    );
  if (typeof rv !== "number" || rv < 0 || typeof start !== "string" || start === "")
    throw badRequest(
      "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    );
  if (start.includes("/../"))
    throw badRequest(`invalid continue token: continue key is not valid: ${JSON.stringify(start)}`);
  return { revision: rv, start: start.replace(/\u0000$/, "") };
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function goComplaint(bytes: Buffer): string {
  const [first] = bytes;
  if (first === undefined) return "unexpected end of JSON input";
  const shown =
    first < 0x20 || first >= 0x7f ? `\\u${first.toString(16).padStart(4, "0")}` : String.fromCharCode(first);
  return `invalid character '${shown}' looking for beginning of value`;
}

export function tooLargeVersion(asked: number, newest: number): ApiError {
  const message = `Too large resource version: ${asked}, current: ${newest}`;
  return new ApiError(504, "Timeout", `Timeout: ${message}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
