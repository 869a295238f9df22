import { KubeError } from "./kube-error.ts";

/** The lines of a stream of bytes; the last one too when it has no end. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      yield Buffer.concat(pieces).toString("utf8");
      pieces = [];
      length = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > bytesMax) throw new KubeError("protocol", `a line is longer than ${bytesMax} bytes`);
  }
  if (length > 0) yield Buffer.concat(pieces).toString("utf8");
}
