const secretName = /pass(word|wd)?$|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|credential/i;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
const jwt = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
const userinfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const hidden = "[redacted]";
const depthMax = 6;
const itemsMax = 50;
const textMax = 4_000;

/** A copy for the log: secrets by name and by look are gone, sizes are bounded, errors keep their causes. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= depthMax) return "[deeper]";
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.slice(0, itemsMax).map((each) => redact(each, depth + 1));
  return redactFields(value, depth);
}

export function redactText(text: string): string {
  const short = text.length > textMax ? `${text.slice(0, textMax)}... (${text.length} characters)` : text;
  if (!/ey|:\/\/|\s/.test(short)) return short;
  return short.replace(bearer, `$1 ${hidden}`).replace(jwt, hidden).replace(userinfo, `$1${hidden}@`);
}

function redactFields(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, itemsMax);
  return Object.fromEntries(
    entries.map(([name, field]) => [name, secretName.test(name) ? hidden : redact(field, depth + 1)]),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = "code" in error ? { code: redact(error.code, depth + 1) } : {};
  const cause = error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) };
  return {
    name: error.name,
    message: redactText(error.message),
    ...code,
    stack: redactText(error.stack ?? ""),
    ...cause,
  };
}
