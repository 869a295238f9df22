export type CelErrorCode =
  /** The text is no expression. */
  | "syntax"
  /** The expression can't be right for the declared variables and functions. */
  | "type"
  /** A constant part of it fails every time. */
  | "program"
  /** It failed on these values. */
  | "evaluation"
  /** It did more work than it may. */
  | "cost";

export class CelError extends Error {
  readonly code: CelErrorCode;

  constructor(code: CelErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CelError";
    this.code = code;
  }
}

export function fails(message: string): CelError {
  return new CelError("evaluation", message);
}

export function noSuchOverload(): CelError {
  return fails("no such overload");
}

export function noSuchKey(key: string): CelError {
  return fails(`no such key: ${key}`);
}

/** What is wrong at one place of the text. */
export interface Problem {
  /** In characters from the start. */
  readonly offset: number;
  readonly message: string;
}

/** As a compiler shows it: place, message, the line and a mark under it. */
export function problemText(problems: readonly Problem[], text: string): string {
  return [...problems]
    .sort((left, right) => left.offset - right.offset)
    .map((problem) => oneProblemText(problem, text))
    .join("\n");
}

function oneProblemText({ offset, message }: Problem, text: string): string {
  const before = [...text].slice(0, offset).join("");
  const lines = before.split("\n");
  const column = [...(lines.at(-1) ?? "")].length;
  const line = (text.split("\n")[lines.length - 1] ?? "").replaceAll("\t", " ");
  const wide = [...line]
    .slice(0, column)
    .map((character) => (character.length > 1 || /[\u1100-\uffdc]/.test(character) ? "．" : "."));
  return `ERROR: <input>:${lines.length}:${column + 1}: ${message}\n | ${line}\n | ${wide.join("")}^`;
}
