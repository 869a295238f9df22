import type { Readable } from "node:stream";
import { bodyBytesMax } from "../apiserver/limits.ts";
import { badRequest, tooLarge } from "../apiserver/status.ts";
import { nestingMax } from "./limits.ts";

/** Reads a body to its end, and keeps not a byte beyond what a request may have. */
export function readBounded(incoming: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyBytesMax) chunks.push(chunk);
      else reject(tooLarge(`limit is ${bodyBytesMax}`));
    });
    incoming.on("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    });
    incoming.on("error", reject);
    // It closes after its end, too, which is nobody's error.
    incoming.on("close", () => {
      if (!incoming.readableEnded) reject(new Error("the client left before its body was complete"));
    });
  });
}

const [quote, backslash, openList, openObject, closeList, closeObject] = [...'"\\[{]}'].map((each) =>
  each.charCodeAt(0),
);

/** Everything behind it walks values by calling itself, so what is too deep is refused here, once for all. */
export function checkNesting(body: Buffer): void {
  // Too short to be that deep and come out again: if it isn't refused here, it is as JSON that ends too early.
  if (body.length < 2 * nestingMax) return;
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
