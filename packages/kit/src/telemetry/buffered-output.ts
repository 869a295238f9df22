import { writeSync } from "node:fs";
import type { LogOutput } from "./logger.ts";

export interface BufferedOutput extends LogOutput {
  flush(): void;
}

const bufferedCharactersMax = 64 * 1024;

/** Lines of one turn of the event loop become one write. What waits at the end of the process is still written. */
export function bufferedOutput(stream: NodeJS.WriteStream & { readonly fd: number }): BufferedOutput {
  let waiting = "";
  let scheduled = false;
  const flush = (): void => {
    scheduled = false;
    const text = waiting;
    waiting = "";
    if (text !== "") stream.write(text);
  };
  process.once("exit", () => {
    if (waiting !== "") writeSync(stream.fd, waiting);
    waiting = "";
  });
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
