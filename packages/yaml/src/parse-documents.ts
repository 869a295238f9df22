import { NodeComposer } from "./compose/node-composer.ts";
import { problemsMax } from "./limits.ts";
import type { YamlNode } from "./node.ts";
import { resolveLimits } from "./options.ts";
import type { DecodeOptions } from "./options.ts";
import { SourceText } from "./source-text.ts";
import { YamlError } from "./yaml-error.ts";
import type { YamlProblem } from "./yaml-error.ts";

export interface YamlDocument {
  /** The content; a null scalar when there is none. */
  root: YamlNode;
}

export interface ParsedDocuments {
  /** The documents up to the first syntax error. */
  documents: YamlDocument[];
  /** In the order of the text. */
  problems: YamlProblem[];
}

/** Reads all documents with the place of every node. Never throws: what is wrong is in the problems, all of it. */
export function parseDocuments(text: string, options: Omit<DecodeOptions, "strict"> = {}): ParsedDocuments {
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  try {
    const limits = resolveLimits(options.limits);
    const source = new SourceText(text, limits);
    const composer = new NodeComposer(source, {
      bigints: options.integers === "bigint",
      limits,
      report: (details) => {
        if (problems.length < problemsMax) {
          problems.push(source.problem(details));
        }
      },
    });
    while (composer.hasDocument()) {
      documents.push({ root: composer.document() });
    }
  } catch (error) {
    if (!(error instanceof YamlError)) {
      throw error;
    }
    problems.push(error.problem);
  }
  return { documents, problems: problems.sort((a, b) => a.position.offset - b.position.offset) };
}
