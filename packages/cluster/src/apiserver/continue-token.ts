import { isJsonObject } from "../object/json-value.ts";
import { jsonSyntaxError } from "../object/json-syntax.ts";
import { badRequest } from "./status.ts";

/** Where the next page of a list begins: at a key, as of a revision. */
export interface ContinueToken {
  /** Undefined: the newest there is. */
  readonly revision: number | undefined;
  /** Relative to the prefix of the list. */
  readonly start: string;
}

const THIS_VERSION = "meta.k8s.io/v1";

/** As Kubernetes writes it: base64 of `{"v":"meta.k8s.io/v1","rv":12,"start":"name\u0000"}`. */
export function encodeContinue({ revision, start }: ContinueToken): string {
  const token = { v: THIS_VERSION, rv: revision ?? -1, start: `${start}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

export function continueToken(text: string): ContinueToken | undefined {
  if (text === "") return undefined;
  const { v, rv, start } = fieldsOf(text);
  if (v !== THIS_VERSION) throw invalidToken(`: server does not recognize this encoded version ${v}`);
  if (rv === 0) throw invalidToken(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  if (start === "") throw invalidToken(": encoded start key empty (version meta.k8s.io/v1)");
  if (!isClean(start)) throw invalidToken(`: ${start}`);
  return { revision: rv < 0 ? undefined : rv, start: start.replace(/^\//, "").replace(/\u0000$/, "") };
}

interface TokenFields {
  readonly v: string;
  readonly rv: number;
  readonly start: string;
}

function fieldsOf(text: string): TokenFields {
  const position = wrongByteOf(text);
  if (position !== undefined) throw invalidToken(`: illegal base64 data at input byte ${position}`);
  const json = Buffer.from(text, "base64url");
  const wrong = jsonSyntaxError(json);
  if (wrong !== undefined) throw invalidToken(`: ${wrong}`);
  const value: unknown = JSON.parse(json.toString("utf8")) ?? {};
  if (!isJsonObject(value)) throw invalidToken(`: ${unlike(value, "value of type storage.continueToken")}`);
  const { v = "", rv = 0, start = "" } = value;
  const field = (name: string, type: string): string => `struct field continueToken.${name} of type ${type}`;
  if (typeof v !== "string") throw invalidToken(`: ${unlike(v, field("v", "string"))}`);
  if (typeof rv !== "number") throw invalidToken(`: ${unlike(rv, field("rv", "int64"))}`);
  if (!Number.isInteger(rv)) throw invalidToken(`: ${unlike(rv, field("rv", "int64"), ` ${rv}`)}`);
  if (typeof start !== "string") throw invalidToken(`: ${unlike(start, field("start", "string"))}`);
  return { v, rv, start };
}

/** The index of what is no base64, or of the last four where one character is too few. */
function wrongByteOf(text: string): number | undefined {
  const odd = text.search(/[^\w-]/);
  if (odd !== -1) return odd;
  return text.length % 4 === 1 ? text.length - 1 : undefined;
}

function unlike(value: unknown, what: string, shown = ""): string {
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${type}${shown} into Go ${what}`;
}

/** Nobody leaves the list by a key that points out of it. */
function isClean(start: string): boolean {
  return start
    .replace(/^\//, "")
    .split("/")
    .every((part) => !["", ".", ".."].includes(part));
}

function invalidToken(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid${why}`);
}
