import { TemplateCache } from "@fairway/gotemplate";
import type { FunctionTable } from "@fairway/gotemplate";
import type { HelmEnvironment } from "../functions/environment.ts";
import { helmFunctionTable } from "../functions/index.ts";
import { limits } from "../limits.ts";
import { engineFunctions } from "./template-functions.ts";

/** The functions of one environment, with the templates that were parsed for them. */
export interface HelmFunctions {
  /** Without those that run templates. */
  readonly base: FunctionTable;
  readonly table: FunctionTable;
  readonly parser: TemplateCache;
}

const known = new WeakMap<HelmEnvironment, HelmFunctions>();

/** A clock that stands still and random bytes that are none, for those who give no environment. */
const stillEnvironment: HelmEnvironment = {
  now: () => 0,
  randomBytes: (count) => new Uint8Array(count),
};

export function helmFunctions(environment: HelmEnvironment = stillEnvironment): HelmFunctions {
  const present = known.get(environment);
  if (present !== undefined) return present;
  const base = helmFunctionTable(environment);
  const table = engineFunctions(base);
  const functions = { base, table, parser: new TemplateCache({ functions: table }, limits.parsedTemplatesMax) };
  known.set(environment, functions);
  return functions;
}
