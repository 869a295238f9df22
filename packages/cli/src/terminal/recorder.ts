import type { OutputStream } from "./terminal.ts";

/** A stream that keeps what was written, for tests and for commands that run other commands. */
export class Recorder implements OutputStream {
  readonly isTTY: boolean;
  text = "";

  constructor(options: { isTTY?: boolean } = {}) {
    this.isTTY = options.isTTY ?? false;
  }

  write(text: string): void {
    this.text += text;
  }
}
