// Named templates that can call one another: what Go calls associated templates.
import { TemplateError } from "./errors.ts";
import { type CompiledTemplate, compiledTemplate } from "./exec/compiled-template.ts";
import { Frame, Run } from "./exec/frame.ts";
import type { FunctionTable } from "./function-table.ts";
import type { GoFunction } from "./go-function.ts";
import { type TemplateLimits, defaultLimits } from "./limits.ts";
import type { ParsedTemplate, ParsedTemplates } from "./parse/parsed-template.ts";
import { quote } from "./strconv/quote.ts";

/** What `{{.key}}` is if the map has no such key: no value, the zero value of the element type, or an error. */
export type MissingKey = "default" | "zero" | "error";

export interface TemplateSetOptions {
  /** The set's own name, for messages. */
  readonly name?: string;
  readonly functions?: FunctionTable;
  readonly missingKey?: MissingKey;
  readonly limits?: TemplateLimits;
}

/** A clone whose own additions are more than this gets a base of its own. */
const overlaySizeMax = 16;

export class TemplateSet {
  readonly name: string;
  readonly missingKey: MissingKey;
  readonly limits: TemplateLimits;
  readonly functions: FunctionTable | undefined;
  /** Shared by clones and never changed; what is added lies over it. */
  #base: ReadonlyMap<string, ParsedTemplate> = new Map();
  #own = new Map<string, ParsedTemplate>();

  constructor(options: TemplateSetOptions = {}) {
    this.name = options.name ?? "";
    this.missingKey = options.missingKey ?? "default";
    this.limits = options.limits ?? defaultLimits;
    this.functions = options.functions;
  }

  /** Later definitions replace earlier ones, unless they are empty. */
  add(parsed: ParsedTemplates): this {
    for (const [name, template] of parsed.templates) this.#define(name, template);
    return this;
  }

  /** Adds a tree under another name, as (*Template).AddParseTree. */
  addAs(name: string, template: ParsedTemplate): this {
    this.#define(name, template);
    return this;
  }

  #define(name: string, template: ParsedTemplate): void {
    if (template.isEmpty && this.has(name)) return;
    this.#own.set(name, template);
  }

  lookup(name: string): ParsedTemplate | undefined {
    return this.#own.get(name) ?? this.#base.get(name);
  }

  has(name: string): boolean {
    return this.#own.has(name) || this.#base.has(name);
  }

  names(): string[] {
    return [...new Set([...this.#base.keys(), ...this.#own.keys()])];
  }

  /** Additions to the clone are not seen here, nor the other way round. Cheap: templates are shared. */
  clone(changes: TemplateSetOptions = {}): TemplateSet {
    const { name, missingKey, limits, functions } = this;
    const copy = new TemplateSet({ name, missingKey, limits, ...(functions && { functions }), ...changes });
    if (this.#own.size > overlaySizeMax) {
      this.#base = new Map([...this.#base, ...this.#own]);
      this.#own = new Map();
    }
    copy.#base = this.#base;
    copy.#own = new Map(this.#own);
    return copy;
  }

  function(name: string): GoFunction | undefined {
    return this.functions?.get(name);
  }

  /** Runs a template of the set with that data as dot. */
  execute(name: string, data: unknown): string {
    const template = this.compiled(name);
    const run = new Run(this.limits);
    const sink = { text: "" };
    const value = data ?? undefined;
    try {
      template.run(new Frame({ run, sink, templates: this, depth: 0 }, template, value), value);
    } catch (error) {
      if (error instanceof TemplateError || run.frame === undefined) throw error;
      return run.frame.failInside(error);
    }
    return sink.text;
  }

  /** For the package itself: the template ready to run. */
  compiled(name: string): CompiledTemplate {
    const parsed = this.lookup(name);
    if (parsed === undefined) {
      const message = `template: no template ${quote(name)} associated with template ${quote(this.name)}`;
      throw new TemplateError("undefined-template", message, { template: name, line: 0 });
    }
    return compiledTemplate(parsed);
  }
}
