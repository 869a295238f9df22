// The way in: a text to the templates that it defines.
import { builtinFunctions } from "./builtins/index.ts";
import type { FunctionTable } from "./function-table.ts";
import { cachedTemplatesMax } from "./limits.ts";
import type { ParsedTemplates } from "./parse/parsed-template.ts";
import { parseTrees } from "./parse/parser.ts";

export interface ParseOptions {
  /** Names that the text may call besides the built-in functions. */
  readonly functions?: FunctionTable;
  readonly leftDelim?: string;
  readonly rightDelim?: string;
}

/** Parses a text; the templates that it defines are in the result too. The result fits any number of sets. */
export function parseTemplate(name: string, text: string, options: ParseOptions = {}): ParsedTemplates {
  const { functions, leftDelim, rightDelim } = options;
  return parseTrees(
    { name, text },
    {
      left: leftDelim === undefined || leftDelim === "" ? "{{" : leftDelim,
      right: rightDelim === undefined || rightDelim === "" ? "}}" : rightDelim,
      isFunction: (word) => functions?.has(word) === true || builtinFunctions.has(word),
    },
  );
}

/** Keeps parsed templates by name and content, for texts that are rendered again and again. One function table only. */
export class TemplateCache {
  readonly #options: ParseOptions;
  readonly #entriesMax: number;
  readonly #entries = new Map<string, ParsedTemplates>();

  constructor(options: ParseOptions = {}, entriesMax: number = cachedTemplatesMax) {
    this.#options = options;
    this.#entriesMax = entriesMax;
  }

  parse(name: string, text: string): ParsedTemplates {
    const key = `${name}\0${text}`;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const parsed = parseTemplate(name, text, this.#options);
    this.#entries.set(key, parsed);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#entriesMax && oldest !== undefined) this.#entries.delete(oldest);
    return parsed;
  }
}
