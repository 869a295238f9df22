import { NodeComposer } from "./compose/node-composer.ts";
import type { NodeComposeOptions } from "./compose/node-composer.ts";
import { problemsMax } from "./limits.ts";
import type { YamlNode } from "./node.ts";
import { resolveLimits } from "./options.ts";
import type { DecodeOptions } from "./options.ts";
import { SourceText } from "./source-text.ts";
import type { ProblemDetails } from "./source-text.ts";
import { YamlError } from "./yaml-error.ts";
import type { YamlProblem } from "./yaml-error.ts";

export interface YamlDocument {
  /** The content; a null scalar when there is none. */
  root: YamlNode;
}

export interface ParsedDocuments {
  /** The documents without a syntax error. */
  documents: YamlDocument[];
  /** In the order of the text. */
  problems: YamlProblem[];
}

/**
 * Reads all documents with the place of every node. Never throws: what is wrong is in the problems, all of it. A syntax
 * error ends its document; reading goes on at the next line that starts a document.
 */
export function parseDocuments(text: string, options: Omit<DecodeOptions, "strict"> = {}): ParsedDocuments {
  const result: ParsedDocuments = { documents: [], problems: [] };
  const limits = resolveLimits(options.limits);
  try {
    const source = new SourceText(text, limits);
    let from: number | undefined = source.start;
    while (from !== undefined && result.problems.length < problemsMax) {
      from = readDocuments(source, result, { bigints: options.integers === "bigint", limits, from });
    }
  } catch (error) {
    result.problems.push(problemOf(error));
  }
  result.problems.sort((a, b) => a.position.offset - b.position.offset);
  return result;
}

type ReadOptions = Omit<NodeComposeOptions, "report">;

/** Reads up to the end or a syntax error. Returns where to go on, if anywhere. */
function readDocuments(source: SourceText, result: ParsedDocuments, options: ReadOptions): number | undefined {
  const { documents, problems } = result;
  const report = (details: ProblemDetails): void => {
    if (problems.length < problemsMax) {
      problems.push(source.problem(details));
    }
  };
  try {
    const composer = new NodeComposer(source, { ...options, report });
    while (composer.hasDocument()) {
      documents.push({ root: composer.document() });
    }
    return undefined;
  } catch (error) {
    const problem = problemOf(error);
    problems.push(problem);
    const after = Math.max(problem.position.offset - 1, options.from);
    return problem.code === "syntax" ? nextDocument(source, after) : undefined;
  }
}

const documentLine = /[\r\n]---(?=[ \t\r\n\0])/g;

function nextDocument(source: SourceText, offset: number): number | undefined {
  documentLine.lastIndex = offset;
  const match = documentLine.exec(source.text);
  return match === null ? undefined : match.index + 1;
}

function problemOf(error: unknown): YamlProblem {
  if (error instanceof YamlError) {
    return error.problem;
  }
  throw error;
}
