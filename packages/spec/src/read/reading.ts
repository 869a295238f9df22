import type { YamlNode } from "@fairway/yaml";
import type { Problem, ProblemCode } from "../problem.ts";

/** Stands for a value that could not be read; its problem is reported, and nothing is reported because of it. */
export const unreadable: unique symbol = Symbol("unreadable");

/** Where a reader is: the node, and its path for messages. */
export interface Place {
  readonly node: YamlNode;
  readonly path: string;
}

export interface Complaint {
  readonly code: ProblemCode;
  readonly message: string;
  readonly found?: string;
  readonly allowed?: string;
  readonly suggestion?: string | undefined;
  readonly severity?: Problem["severity"];
}

/** Collects the problems of one file. */
export class Reading {
  readonly file: string;
  readonly problems: Problem[] = [];
  readonly #problemsMax: number;

  constructor(file: string, problemsMax: number) {
    this.file = file;
    this.#problemsMax = problemsMax;
  }

  complain({ node, path }: Place, complaint: Complaint): typeof unreadable {
    if (this.problems.length < this.#problemsMax) {
      const { line, column } = node.start;
      const { suggestion, severity = "error", ...rest } = complaint;
      this.problems.push({
        severity,
        ...rest,
        file: this.file,
        line,
        column,
        path,
        ...(suggestion !== undefined && { suggestion }),
      });
    }
    return unreadable;
  }
}

/** What stands there, in words: `the number 8080`, `a list`. */
export function found(node: YamlNode): string {
  if (node.kind === "mapping") return "a map";
  if (node.kind === "sequence") return "a list";
  const { value } = node;
  if (value === null) return node.text === "" ? "nothing" : `the empty value ${node.text}`;
  if (typeof value === "boolean") return `the switch ${node.text}`;
  if (typeof value === "string") return `the text ${shortened(value)}`;
  return `the number ${node.text}`;
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
