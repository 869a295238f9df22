import { TemplateSet, parseTemplate } from "@fairway/gotemplate";
import type { FunctionTable } from "@fairway/gotemplate";

/** What one template prints with these functions. */
export function renderWith(functions: FunctionTable, template: string, data: unknown = null): string {
  return new TemplateSet({ name: "t", functions }).add(parseTemplate("t", template, { functions })).execute("t", data);
}
