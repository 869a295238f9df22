// What a function sees of the execution that calls it.
import type { TemplateSet } from "./template-set.ts";

export interface CallContext {
  /** The set of the running template: look up, or clone and extend it (`tpl`). */
  readonly templates: TemplateSet;
  /**
   * Runs a named template of the set (default: the running set) to a string, within the bounds of this execution.
   * Fails as (*Template).ExecuteTemplate does; a throw becomes "error calling F: ..." one level up.
   */
  execute(name: string, data: unknown, templates?: TemplateSet): string;
}
