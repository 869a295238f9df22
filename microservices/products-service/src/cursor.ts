import { problem } from "@fairway/kit";

/** Where a page ended: the value that it was sorted by, and the id that tells equal values apart. */
export interface Cursor {
  readonly value: string | number;
  readonly id: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.value, cursor.id])).toString("base64url");
}

/** Fails with problem 400 for what this service has not written for this sorting. */
export function readCursor(text: string, valueType: "string" | "number"): Cursor {
  const [value, id] = parse(text);
  const isValue = typeof value === valueType && (typeof value === "string" || Number.isSafeInteger(value));
  if (!isValue || typeof id !== "string" || !uuid.test(id)) throw malformed();
  return { value: value as string | number, id };
}

function parse(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (Array.isArray(parsed) && !String(parsed[0]).includes("\0")) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed();
}

function malformed(): Error {
  return problem(400, "the cursor is not one of this listing; take it from the field next of the page before");
}
