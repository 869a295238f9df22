import { writeSync } from "node:fs";
import type { LogOutput } from "./logger.ts";

export interface BufferedOutput extends LogOutput {
  flush(): void;
}

const bufferedCharactersMax = 64 * 1024;

/**
 * Lines of one turn of the event loop become one write. What waits at the end of the process is still written. When
 * nobody reads any more, the log is lost and the service goes on.
 */
export function bufferedOutput(stream: NodeJS.WriteStream & { readonly fd: number }): BufferedOutput {
  let waiting = "";
  let scheduled = false;
  let readerGone = false;
  const flush = (): void => {
    scheduled = false;
    const text = waiting;
    waiting = "";
    if (text !== "" && !readerGone) stream.write(text);
  };
  const flushAtExit = (): void => {
    try {
      if (waiting !== "" && !readerGone) writeSync(stream.fd, waiting);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      readerGone = true;
    }
  };
  stream.on("error", () => {
    readerGone = true;
  });
  process.once("exit", flushAtExit);
  return {
    write(text) {
      waiting += text;
      if (waiting.length >= bufferedCharactersMax) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    flush,
  };
}
