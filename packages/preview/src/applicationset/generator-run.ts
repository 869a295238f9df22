import { objectAt, type JsonObject, type JsonValue } from "../json-value.ts";
import type { Parameters } from "./parameters.ts";
import type { TextTemplate } from "./text-template.ts";
import type { GeneratorWorld } from "./world.ts";

export interface GeneratorResult {
  readonly parameters: readonly Parameters[];
  /** The generator's own template, which goes before the one of the ApplicationSet. */
  readonly template: JsonObject;
}

/** What every kind of generator is handed. */
export interface GeneratorRun {
  readonly template: TextTemplate;
  readonly world: GeneratorWorld;
  /** Runs a generator inside this one; `outer` fills its settings. */
  nested(generator: JsonValue, outer?: Parameters): GeneratorResult;
}

/** Adds the `values` of a generator, each filled from the other parameters, so that they can't refer to each other. */
export function withValues(parameters: Parameters, settings: JsonObject, template: TextTemplate): Parameters {
  const values = Object.entries(objectAt(settings, "values")).map(
    ([key, value]) => [key, typeof value === "string" ? template.fill(value, parameters) : value] as const,
  );
  if (values.length === 0) return parameters;
  if (template.isGoTemplate) return { ...parameters, values: Object.fromEntries(values) };
  return { ...parameters, ...Object.fromEntries(values.map(([key, value]) => [`values.${key}`, value])) };
}
