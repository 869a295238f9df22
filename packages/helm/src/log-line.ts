/** A line as Helm writes it to standard error: `level=WARN msg="this chart is deprecated"`. */
export function logLine(
  level: "INFO" | "WARN",
  message: string,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const rest = Object.entries(attributes).map(([key, value]) => ` ${key}=${quoteIfNeeded(value)}`);
  return `level=${level} msg=${quoteIfNeeded(message)}${rest.join("")}`;
}

/** Takes what the loader and the values code have to say. */
export type Warn = (line: string) => void;

function quoteIfNeeded(text: string): string {
  return text === "" || /[\s"=\p{C}]/u.test(text) ? JSON.stringify(text) : text;
}
