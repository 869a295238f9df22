import { progressReporter, type Progress } from "./progress.ts";
import { colourStyle, plainStyle, wantsColour, type Style } from "./style.ts";

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  readonly noColor: boolean;
}

/** Data goes to standard output, everything about the doing of it to standard error. */
export interface Terminal {
  readonly json: boolean;
  /** Style for what goes to standard output. */
  readonly style: Style;
  /** Prints the data as JSON, or what `human` makes of it. */
  print(data: unknown, human: (style: Style) => string): void;
  /** One of many lines that come over time: as a line of JSON, or what `human` makes of it. */
  printLine(data: unknown, human: (style: Style) => string): void;
  /** A line on standard error. */
  note(text: string | ((style: Style) => string)): void;
  /** One on standard error about what is wrong and does not keep a command from its work. */
  warn(message: string): void;
  /** Runs a task; after a second the person sees that, and how far, it is. */
  progress<T>(label: string, task: (progress: Progress) => Promise<T>): Promise<T>;
}

export function createTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, env, json, noColor } = options;
  const styleOf = (stream: OutputStream) => (!noColor && wantsColour(stream, env) ? colourStyle : plainStyle);
  const redraws = stderr.isTTY === true && env["TERM"] !== "dumb";
  const progress = progressReporter(stderr, styleOf(stderr), { redraws });
  const style = json ? plainStyle : styleOf(stdout);
  return {
    json,
    style,
    print(data, human) {
      const text = json ? JSON.stringify(data, undefined, 2) : human(style);
      if (text !== "") stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    },
    printLine(data, human) {
      stdout.write(`${json ? JSON.stringify(data) : human(style)}\n`);
    },
    note(text) {
      stderr.write(`${typeof text === "string" ? text : text(styleOf(stderr))}\n`);
    },
    warn(message) {
      const text = json
        ? JSON.stringify({ warning: { message } })
        : `${styleOf(stderr).warning("warning:")} ${message}`;
      stderr.write(`${text}\n`);
    },
    // Beside data for programs a log has only what is data too.
    progress: json && !stderr.isTTY ? (_, task) => task({ update: () => undefined }) : progress,
  };
}
