// A parse tree turned into closures, once for all the sets that it is in.
import type { ListNode } from "../parse/node.ts";
import type { ParsedTemplate } from "../parse/parsed-template.ts";
import { compileRoot } from "./compile.ts";
import type { Statement } from "./code.ts";
import type { Frame } from "./frame.ts";

export class CompiledTemplate {
  readonly name: string;
  readonly root: ListNode;
  #code: Statement | undefined;

  constructor(parsed: ParsedTemplate) {
    this.name = parsed.name;
    this.root = parsed.root;
  }

  run(frame: Frame, data: unknown): void {
    this.#code ??= compileRoot(this.root);
    this.#code(frame, data);
  }
}

const compiledTemplates = new WeakMap<ParsedTemplate, CompiledTemplate>();

export function compiledTemplate(parsed: ParsedTemplate): CompiledTemplate {
  let compiled = compiledTemplates.get(parsed);
  if (compiled === undefined) {
    compiled = new CompiledTemplate(parsed);
    compiledTemplates.set(parsed, compiled);
  }
  return compiled;
}
