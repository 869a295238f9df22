import {
  TemplateCache,
  TemplateError,
  TemplateSet,
  defineContextFunction,
  defineFunction,
  sprintf,
} from "@fairway/gotemplate";
import type { CallContext, FunctionTable, GoFunction } from "@fairway/gotemplate";
import { messageOf } from "../errors.ts";
import { limits } from "../limits.ts";
import { markMessage } from "./template-error.ts";

/** The name that Helm gives to the template set and to every text of `tpl`. */
export const setName = "gotpl";

/** How often each template is included inside itself right now, for one render. */
export type IncludeCounts = Map<string, number>;

/** Functions stay the same object from render to render, so their state is found by the set that they run in. */
const countsOf = new WeakMap<TemplateSet, IncludeCounts>();

export function trackIncludes(templates: TemplateSet, counts: IncludeCounts): void {
  countsOf.set(templates, counts);
}

/** The functions of Helm's engine: those that run templates or end the render. */
export function engineFunctions(base: FunctionTable): FunctionTable {
  const functions: Record<string, GoFunction> = {
    include: defineContextFunction(["string", "any"], "string", include),
    required: defineFunction(["string", "any"], "any", required),
    fail: defineFunction(["string"], "string", (message) => {
      throw new Error(markMessage(message));
    }),
    lookup: defineFunction(["string", "string", "string", "string"], "map[string]any", () => ({})),
    getHostByName: defineFunction(["string"], "string", () => ""),
  };
  // Only the names count for parsing; `tpl` is among them before it exists.
  const parser = new TemplateCache(
    { functions: base.with({ ...functions, tpl: defineFunction([], "string", () => "") }) },
    limits.parsedTemplatesMax,
  );
  return base.with({
    ...functions,
    tpl: defineContextFunction(["string", "any"], "string", (context, text, data) => tpl(parser, context, text, data)),
  });
}

function include(context: CallContext, name: string, data: unknown): string {
  const counts = countsOf.get(context.templates);
  const count = counts?.get(name) ?? 0;
  if (count > limits.includeDepthMax) {
    throw new Error(`rendering template has a nested reference name: ${name}: unable to execute template`);
  }
  counts?.set(name, count + 1);
  const text = context.execute(name, data);
  counts?.set(name, count);
  return text;
}

function required(message: string, value: unknown): unknown {
  if (value === null || value === undefined || value === "") throw new Error(markMessage(message));
  return value;
}

function tpl(parser: TemplateCache, ...[context, text, data]: readonly [CallContext, string, unknown]): string {
  const templates = extended(parser, context, text);
  const counts = countsOf.get(context.templates);
  if (counts !== undefined) trackIncludes(templates, counts);
  try {
    return context.execute(setName, data, templates).replaceAll("<no value>", "");
  } catch (error) {
    if (error instanceof TemplateError && error.code === "limit") throw error;
    const reason = messageOf(error);
    throw new Error(sprintf("error during tpl function execution for %q: %s", text, reason), { cause: error });
  }
}

/** The running set with the text added; what the text defines is not seen outside it. */
function extended(parser: TemplateCache, context: CallContext, text: string): TemplateSet {
  try {
    const parsed = parser.parse(setName, text);
    const blank = parsed.templates.get(setName)?.isEmpty === true && context.templates.has(setName);
    // Blank text would not replace the text of the `tpl` around it, so it gets a set of its own.
    const target = blank ? new TemplateSet({ name: setName }) : context.templates.clone();
    return target.add(parsed);
  } catch (error) {
    throw new Error(sprintf("cannot parse template %q: %s", text, messageOf(error)), { cause: error });
  }
}
