import { currentContext } from "./request-context.ts";
import { redact } from "./redaction.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";
export type Fields = Readonly<Record<string, unknown>>;

export interface LogOutput {
  write(text: string): void;
}

export interface Logger {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log with fields on each line. */
  with(fields: Fields): Logger;
  enabled(level: LogLevel): boolean;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly output: LogOutput;
  readonly fields?: Fields;
}

const weights: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

/** One JSON object a line, with the ids of the current trace, so that logs and traces find each other. */
export function createLogger(options: LoggerOptions): Logger {
  const weight = weights[options.level];
  const enabled = (level: LogLevel): boolean => weights[level] >= weight;
  const write = (level: LogLevel, message: string, fields: Fields = {}): void => {
    if (enabled(level))
      options.output.write(`${JSON.stringify(line(level, message, { ...options.fields, ...fields }))}\n`);
  };
  return {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
    with: (fields) => createLogger({ ...options, fields: { ...options.fields, ...fields } }),
    enabled,
  };
}

function line(level: LogLevel, message: string, fields: Fields): object {
  const trace = currentContext()?.span.context;
  const safe = redact(fields);
  return {
    time: new Date().toISOString(),
    level,
    message: redact(message),
    ...(trace ? { trace_id: trace.traceId, span_id: trace.spanId } : {}),
    ...(typeof safe === "object" ? safe : {}),
  };
}

/** For tests and tools that want no log. */
export const silentLogger: Logger = createLogger({ level: "error", output: { write: () => undefined } });
