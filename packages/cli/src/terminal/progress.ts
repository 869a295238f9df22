import type { Style } from "./style.ts";
import type { OutputStream } from "./terminal.ts";

export interface Progress {
  /** What is being done now: `12 of 92 applications`. */
  update(text: string): void;
}

/** A task shorter than this says nothing: a flicker tells nobody anything. */
const quietMs = 1_000;
const redrawMs = 100;
/** A log is not a screen: it gets a line now and then. */
const logLineMs = 10_000;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export interface ProgressOptions {
  /** Whether a line can be drawn over: a terminal that says that it is dumb can't. */
  readonly redraws: boolean;
}

export function progressReporter(stream: OutputStream, style: Style, { redraws }: ProgressOptions) {
  return async function progress<T>(label: string, task: (progress: Progress) => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    const seconds = () => `${Math.round((performance.now() - startedMs) / 1_000)} s`;
    let text = "";
    let frame = 0;
    const line = () => [label, text, seconds()].filter((part) => part !== "").join(" · ");
    const draw = () => {
      if (!redraws) {
        stream.write(`${line()}\n`);
        return;
      }
      frame = (frame + 1) % frames.length;
      const room = Math.max(1, (stream.columns ?? 80) - 3);
      stream.write(`\r\u001B[2K${style.accent(frames[frame] ?? "")} ${line().slice(0, room)}`);
    };
    let drawn = false;
    let timer = setTimeout(() => {
      drawn = true;
      draw();
      timer = setInterval(draw, redraws ? redrawMs : logLineMs);
    }, quietMs);
    try {
      return await task({ update: (now) => (text = now) });
    } finally {
      clearTimeout(timer);
      if (drawn && redraws) stream.write("\r\u001B[2K");
    }
  };
}
