import type { Readable } from "node:stream";
import { bodyBytesMax } from "../apiserver/limits.ts";
import { badRequest, tooLarge } from "../apiserver/status.ts";
import { nestingMax } from "./limits.ts";

/** Reads a body to its end, and not a byte beyond what a request may have. */
export async function readBounded(incoming: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw tooLarge(`limit is ${bodyBytesMax}`);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

const [quote, backslash, openList, openObject, closeList, closeObject] = [...'"\\[{]}'].map((each) =>
  each.charCodeAt(0),
);

/** Everything behind it walks values by calling itself, so what is too deep is refused here, once for all. */
export function checkNesting(body: Buffer): void {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (isInText) {
      if (byte === backslash) at++;
      else if (byte === quote) isInText = false;
    } else if (byte === quote) isInText = true;
    else if (byte === openList || byte === openObject) {
      if (++depth > nestingMax) throw badRequest("json: exceeded max depth");
    } else if (byte === closeList || byte === closeObject) depth--;
  }
}
