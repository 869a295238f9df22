import type { FieldError } from "../object/field-error.ts";
import type { Kind } from "../kinds/index.ts";
import { goQuote } from "../object/go-text.ts";
import { continueToken, type ContinueToken } from "./continue-token.ts";
import { isTrue } from "./request-info.ts";
import { parseSelectors, selectionOf, type Selection } from "./selectors.ts";
import { ApiError, badRequest, invalid } from "./status.ts";
import { wrongNumber } from "./whole-number.ts";

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

export interface ListWish {
  readonly options: ListOptions;
  readonly selection: Selection;
}

/** What is asked for, in the order in which Kubernetes finds fault: texts, what fits together, the kind's fields, and where to begin. */
export function listWishOf(kind: Kind, query: URLSearchParams, verb: "list" | "watch"): ListWish {
  const selectors = parseSelectors(query);
  const timeoutSeconds = number(query, "timeoutSeconds");
  const limit = number(query, "limit");
  const version = query.get("resourceVersion") ?? "";
  const asked = withInitialEvents({
    version,
    match: query.get("resourceVersionMatch") ?? "",
    initial: query.get("sendInitialEvents"),
    verb,
    continues: (query.get("continue") ?? "") !== "",
  });
  const errors = faults(asked);
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
  const selection = selectionOf(kind, selectors);
  if (verb === "watch") checkVersionOfCache(version);
  const options: ListOptions = {
    limit: limit ?? 0,
    continueFrom: verb === "list" ? continueOf(query, version) : undefined,
    resourceVersion: version === "" ? undefined : Number(version),
    match: asked.match === "Exact" || asked.match === "NotOlderThan" ? asked.match : "",
    timeoutSeconds,
    allowWatchBookmarks: isTrue(query.get("allowWatchBookmarks")),
    sendInitialEvents: asked.initial === null ? undefined : isTrue(asked.initial),
  };
  return { options, selection };
}

/** A continued list says itself of which version it is. */
function continueOf(query: URLSearchParams, version: string): ContinueToken | undefined {
  const token = continueToken(query.get("continue") ?? "");
  if (token === undefined) checkVersion(version);
  else if (version !== "" && version !== "0")
    throw badRequest("specifying resource version is not allowed when using continue");
  return token;
}

/** Refuses a version that is no number, as whoever reads from the store does. */
export function checkVersion(version: string): void {
  const wrong = wrongVersion(version);
  if (wrong !== undefined) throw badRequest(`invalid resource version: ${wrong}`);
}

/** The same for what Kubernetes answers from a cache, which doesn't say whose fault it is. */
export function checkVersionOfCache(version: string): void {
  const wrong = wrongVersion(version);
  if (wrong !== undefined) throw new ApiError(500, "", wrong);
}

function wrongVersion(version: string): string | undefined {
  if (version === "") return undefined;
  const wrong = wrongNumber(version, { parser: "ParseUint", isSigned: false });
  return wrong === undefined ? undefined : `resourceVersion: Invalid value: ${goQuote(version)}: ${wrong}`;
}

interface Asked {
  readonly version: string;
  readonly match: string;
  readonly initial: string | null;
  readonly verb: "list" | "watch";
  readonly continues: boolean;
}

/** A watch from whatever there is begins with what is there, as if the client had asked for it. */
function withInitialEvents(asked: Asked): Asked {
  const { verb, version, match, initial } = asked;
  const isFromStart = verb === "watch" && initial === null && match === "" && (version === "" || version === "0");
  return isFromStart ? { ...asked, initial: "true", match: "NotOlderThan" } : asked;
}

function faults({ version, match, initial, verb, continues }: Asked): readonly FieldError[] {
  const forbidden = (field: string, why: string): FieldError => ({
    reason: "FieldValueForbidden",
    field,
    message: `Forbidden: ${why}`,
  });
  const errors: FieldError[] = [];
  if (verb === "watch" && initial !== null && match !== "NotOlderThan")
    errors.push(
      forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"),
    );
  if (verb === "watch" && match !== "") {
    if (initial === null)
      errors.push(
        forbidden(
          "resourceVersionMatch",
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ),
      );
    if (match !== "NotOlderThan") errors.push(unsupported(match, `"NotOlderThan"`));
    if (continues)
      errors.push(forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
  }
  if (verb === "list" && match !== "") {
    if (version === "")
      errors.push(
        forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"),
      );
    if (continues)
      errors.push(forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
    if (match !== "Exact" && match !== "NotOlderThan") errors.push(unsupported(match, `"Exact", "NotOlderThan", ""`));
    if (match === "Exact" && version === "0")
      errors.push(
        forbidden("resourceVersionMatch", `resourceVersionMatch "exact" is forbidden for resourceVersion "0"`),
      );
  }
  if (initial !== null && verb === "list")
    errors.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  return errors;
}

function unsupported(match: string, supported: string): FieldError {
  const message = `Unsupported value: ${goQuote(match)}: supported values: ${supported}`;
  return { reason: "FieldValueNotSupported", field: "resourceVersionMatch", message };
}

function number(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const wrong = wrongNumber(text, { parser: "ParseInt", isSigned: true });
  if (wrong !== undefined) throw badRequest(wrong);
  return Number(text);
}

/** Of what is answered from a cache, which may soon have it; the store itself has everything. */
export function tooLargeVersion(asked: number, newest: number, isSoonThere = true): ApiError {
  const message = `Too large resource version: ${asked}, current: ${newest}`;
  return new ApiError(504, "Timeout", `Timeout: ${message}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    ...(isSoonThere && { retryAfterSeconds: 1 }),
  });
}
