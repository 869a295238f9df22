import type { Readable } from "node:stream";
import { bodyBytesMax } from "../apiserver/limits.ts";
import { tooLarge } from "../apiserver/status.ts";

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
