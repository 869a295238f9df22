// The state of one running template: its variables, where it writes, where it is.
import type { CallContext } from "../call-context.ts";
import { TemplateError } from "../errors.ts";
import type { TemplateErrorCode } from "../errors.ts";
import { byteLength } from "../go-string.ts";
import type { TemplateLimits } from "../limits.ts";
import { nodeText } from "../parse/node-text.ts";
import type { Node } from "../parse/node.ts";
import { quote } from "../strconv/quote.ts";
import type { TemplateSet } from "../template-set.ts";
import type { CompiledTemplate } from "./compiled-template.ts";

/** What all the templates of one execution share: its budget. */
export class Run {
  readonly limits: TemplateLimits;
  steps = 0;
  written = 0;
  /** The innermost running template; stays there when an error goes up. */
  frame: Frame | undefined = undefined;

  constructor(limits: TemplateLimits) {
    this.limits = limits;
  }
}

/** Where output goes; `include` gives its template one of its own. */
export interface Sink {
  text: string;
}

export interface FrameOrigin {
  readonly run: Run;
  readonly sink: Sink;
  readonly templates: TemplateSet;
  readonly depth: number;
}

export class Frame implements CallContext {
  readonly run: Run;
  readonly templates: TemplateSet;
  readonly sink: Sink;
  readonly name: string;
  readonly depth: number;
  /** Values of variables; slot 0 is `$`. */
  readonly slots: unknown[];
  /** The node that messages point at. */
  node: Node;
  /** The element type of the container that dot is an element of: messages name it instead of dot's own type. */
  dotType: string | undefined = undefined;

  constructor(origin: FrameOrigin, template: CompiledTemplate, data: unknown) {
    this.run = origin.run;
    this.sink = origin.sink;
    this.templates = origin.templates;
    this.depth = origin.depth;
    this.name = template.name;
    this.node = template.root;
    this.slots = [data];
    this.run.frame = this;
  }

  write(text: string): void {
    this.sink.text += text;
    this.run.written += text.length;
    if (this.run.written > this.run.limits.outputLengthMax) {
      this.fail(`output is longer than ${this.run.limits.outputLengthMax} characters`, { code: "limit" });
    }
  }

  step(): void {
    if (++this.run.steps > this.run.limits.stepsMax) {
      this.fail(`more than ${this.run.limits.stepsMax} steps; does a loop never end?`, { code: "limit" });
    }
  }

  execute(name: string, data: unknown, templates: TemplateSet = this.templates): string {
    const template = templates.compiled(name);
    this.checkDepth();
    const sink = { text: "" };
    this.runTemplate(template, { run: this.run, sink, templates, depth: this.depth + 1 }, data ?? undefined);
    return sink.text;
  }

  checkDepth(): void {
    const { depthMax } = this.run.limits;
    if (this.depth >= depthMax) this.fail(`exceeded maximum template depth (${depthMax})`, { code: "limit" });
  }

  /** Runs another template within this one and comes back. */
  runTemplate(template: CompiledTemplate, origin: FrameOrigin, data: unknown): void {
    template.run(new Frame(origin, template, data), data);
    this.run.frame = this;
  }

  fail(message: string, options: { code?: TemplateErrorCode; cause?: unknown } = {}): never {
    const { source, pos } = this.node;
    const before = source.text.slice(0, pos);
    const lineStart = before.lastIndexOf("\n") + 1;
    const line = before.split("\n").length;
    const column = byteLength(before.slice(lineStart));
    const place = `${source.name}:${line}:${column}`;
    const text = `template: ${place}: executing ${quote(this.name)} at <${nodeText(this.node)}>: ${message}`;
    throw new TemplateError(
      options.code ?? "execute",
      text,
      { template: source.name, line, column },
      options.cause === undefined ? {} : { cause: options.cause },
    );
  }

  /** Turns what a called function threw into an error of the template; bounds go through untouched. */
  failCalling(name: string, error: unknown): never {
    if (error instanceof TemplateError && error.code === "limit") throw error;
    if (isStackOverflow(error)) this.#failTooDeep();
    const message = error instanceof Error ? error.message : String(error);
    return this.fail(`error calling ${name}: ${message}`, { cause: error });
  }

  /** For what the runtime threw outside of any called function: a full stack, a value too large or of no kind of Go. */
  failInside(error: unknown): never {
    if (isStackOverflow(error)) this.#failTooDeep();
    const message = error instanceof Error ? error.message : String(error);
    return this.fail(message, { code: error instanceof RangeError ? "limit" : "execute", cause: error });
  }

  #failTooDeep(): never {
    return this.fail(`exceeded maximum template depth (${this.depth})`, { code: "limit" });
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}
