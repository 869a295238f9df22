import { TemplateCache } from "@fairway/gotemplate";
import type { FunctionTable } from "@fairway/gotemplate";
import type { HelmEnvironment } from "../functions/environment.ts";
import { helmFunctionTable } from "../functions/index.ts";
import { limits } from "../limits.ts";
import { StillEnvironment } from "./still-environment.ts";
import { engineFunctions } from "./template-functions.ts";

/** The functions of one environment, with the templates that were parsed for them. */
export interface HelmFunctions {
  /** Without those that run templates. */
  readonly base: FunctionTable;
  readonly table: FunctionTable;
  readonly parser: TemplateCache;
}

const known = new WeakMap<HelmEnvironment, HelmFunctions>();

const still = new StillEnvironment();

/** The functions for a render; without an environment, those of a world that stands still. */
export function helmFunctions(environment?: HelmEnvironment): HelmFunctions {
  if (environment !== undefined) return functionsOf(environment);
  still.restart();
  return functionsOf(still);
}

function functionsOf(environment: HelmEnvironment): HelmFunctions {
  const present = known.get(environment);
  if (present !== undefined) return present;
  const base = helmFunctionTable(environment);
  const table = engineFunctions(base);
  const functions = { base, table, parser: new TemplateCache({ functions: table }, limits.parsedTemplatesMax) };
  known.set(environment, functions);
  return functions;
}
