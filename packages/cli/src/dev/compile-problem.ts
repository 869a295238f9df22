import { stripVTControlCharacters } from "node:util";
import { BuildError } from "@fairway/build";
import { devLimits } from "./limits.ts";

/** Why a service could not be bundled, and where. */
export interface CompileProblem {
  readonly problems: readonly PlacedProblem[];
  /** How many there are besides. */
  readonly more: number;
}

export interface PlacedProblem {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** With the lines around the place, as the bundler draws them. */
  readonly picture: string;
}

/** Undefined for what is no mistake in the program. */
export function compileProblem(error: unknown): CompileProblem | undefined {
  if (!(error instanceof BuildError) || error.code !== "compile_failed") return undefined;
  const errors = errorsOf(error.cause);
  const problems = errors.slice(0, devLimits.errorsShown).map(placed);
  if (problems.length > 0) return { problems, more: errors.length - problems.length };
  const message = stripVTControlCharacters(error.message);
  return { problems: [{ message, picture: message }], more: 0 };
}

interface BundlerError {
  readonly message: string;
  readonly loc?: { readonly file?: string; readonly line: number; readonly column: number };
}

function errorsOf(cause: unknown): readonly BundlerError[] {
  const errors: unknown = typeof cause === "object" && cause !== null && "errors" in cause ? cause.errors : [];
  if (!Array.isArray(errors)) return [];
  return errors.filter((each): each is BundlerError => typeof each === "object" && each !== null && "message" in each);
}

function placed({ message, loc }: BundlerError): PlacedProblem {
  const picture = stripVTControlCharacters(message).trimEnd();
  const [title = ""] = picture.split("\n", 1);
  const said = { message: title.replace(/^\[[A-Z_]+\] /u, ""), picture };
  if (loc === undefined) return said;
  const { file, line, column } = loc;
  return { ...said, ...(file === undefined ? {} : { file }), line, column: column + 1 };
}
