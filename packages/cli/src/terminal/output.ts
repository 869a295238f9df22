import type { OutputStream } from "./terminal.ts";

export interface OutputOptions {
  /** Called once, when what is written arrives nowhere any more. */
  readonly onFailure: (error: NodeJS.ErrnoException) => void;
}

interface Stream extends OutputStream {
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** A stream of this process that never throws: who reads it may have gone, and the disk under it may be full. */
export function safeOutput(stream: Stream, { onFailure }: OutputOptions): OutputStream {
  let failed = false;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (failed) return;
    failed = true;
    onFailure(error);
  };
  stream.on("error", fail);
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    write(text) {
      if (failed) return;
      try {
        stream.write(text);
      } catch (error) {
        // A file is written at once, and says so by throwing.
        fail(error as NodeJS.ErrnoException);
      }
    },
  };
}
