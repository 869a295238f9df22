import { isUtf8 } from "node:buffer";
import { limits } from "../limits.ts";
import { problem } from "./problem.ts";

const byteOrderMark = 0xfeff;

/** What a client sent as JSON, or the problem that says why it isn't. */
export function parseJsonBody(bytes: Uint8Array, contentType: string | undefined): unknown {
  if (!isJson(contentType)) {
    const found = contentType === undefined ? "there is no content-type" : `found ${JSON.stringify(contentType)}`;
    throw problem(415, `send the body as application/json; ${found}`);
  }
  if (bytes.length === 0) throw problem(400, "the body is empty; send a JSON document");
  const text = decode(bytes);
  if (depthOf(text) > limits.bodyDepthMax) {
    throw problem(400, `the body is nested deeper than ${limits.bodyDepthMax} levels`);
  }
  const hasEscapes = text.includes("\\u");
  if (hasEscapes && /(?<!\\)(\\\\)*\\u0000/.test(text)) {
    throw problem(400, "the body holds the character U+0000, which no text field takes");
  }
  const value = parse(text);
  // Half a character can be written in JSON, and nowhere else.
  if (hasEscapes && /\\u[dD][89a-fA-F]/.test(text) && !isWellFormed(value)) {
    throw problem(400, "the body holds half of a surrogate pair, which is no character");
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw problem(400, {
      detail: `the body is not JSON: ${error instanceof Error ? error.message : ""}`,
      cause: error,
    });
  }
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, each]) => name.isWellFormed() && isWellFormed(each));
}

function isJson(contentType: string | undefined): boolean {
  if (contentType === "application/json") return true;
  return contentType !== undefined && /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType);
}

function decode(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  // What is no UTF-8 becomes this character, which may also have been sent as itself.
  if (text.includes("\ufffd") && !isUtf8(bytes)) throw problem(400, "the body is not UTF-8");
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

/** Brackets inside of texts count as well while looking for a bound; only a text over it is looked at closely. */
function depthOf(text: string): number {
  if (countOpening(text) <= limits.bodyDepthMax) return 0;
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (inText) {
      if (character === 0x5c) index++;
      else if (character === 0x22) inText = false;
    } else if (character === 0x22) inText = true;
    else if (character === 0x7b || character === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (character === 0x7d || character === 0x5d) depth--;
  }
  return deepest;
}

function countOpening(text: string): number {
  let count = 0;
  for (let at = text.indexOf("{"); at !== -1; at = text.indexOf("{", at + 1)) count++;
  for (let at = text.indexOf("["); at !== -1; at = text.indexOf("[", at + 1)) count++;
  return count;
}
