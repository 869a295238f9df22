import { PreviewError } from "../errors.ts";
import { isObject, listAt, objectAt, type JsonObject, type JsonValue } from "../json-value.ts";
import { generatorDepthMax, parameterSetsMax } from "../limits.ts";
import { clusterParameters } from "./clusters.ts";
import type { GeneratorResult, GeneratorRun } from "./generator-run.ts";
import { directoryParameters, fileParameters } from "./git-generator.ts";
import { selectorMatches } from "./label-selector.ts";
import { listParameters } from "./list-generator.ts";
import { matrixParameters, mergeParameters } from "./nested-generators.ts";
import { flatten, type Parameters } from "./parameters.ts";
import { pullRequestParameters } from "./pull-requests.ts";
import { fillDeep, type TextTemplate } from "./text-template.ts";

type Kind = "list" | "git" | "clusters" | "matrix" | "merge" | "pullRequest";

const kinds: Readonly<Record<Kind, (settings: JsonObject, run: GeneratorRun) => readonly Parameters[]>> = {
  list: listParameters,
  git: (settings, run) =>
    listAt(settings, "directories").length > 0 ? directoryParameters(settings, run) : fileParameters(settings, run),
  clusters: clusterParameters,
  matrix: matrixParameters,
  merge: mergeParameters,
  pullRequest: pullRequestParameters,
};

const unsupported = ["scmProvider", "clusterDecisionResource", "plugin"];

/** Runs one entry of `generators`. */
export function runGenerator(generator: JsonValue, base: Omit<GeneratorRun, "nested">): GeneratorResult {
  return runNested(generator, { ...base, depth: 0, outer: {} });
}

interface Nesting extends Omit<GeneratorRun, "nested"> {
  readonly depth: number;
  /** The parameters of the first generator of the matrix around this one. */
  readonly outer: Parameters;
}

function runNested(generator: JsonValue, nesting: Nesting): GeneratorResult {
  const { depth, outer, template, world } = nesting;
  if (depth > generatorDepthMax) {
    throw new PreviewError("unsupported", `generators are nested more than ${generatorDepthMax} deep`);
  }
  const run: GeneratorRun = {
    template,
    world,
    nested: (child, inner = {}) => runNested(child, { ...nesting, depth: depth + 1, outer: { ...outer, ...inner } }),
  };
  const kind = kindOf(generator);
  const given = objectAt(generator, kind);
  const all = kinds[kind](Object.keys(outer).length > 0 ? filledSettings(given, outer, template) : given, run);
  if (all.length > parameterSetsMax) {
    throw new PreviewError(
      "too-large",
      `a ${kind} generator gives ${all.length} parameter sets; ${parameterSetsMax} at most`,
    );
  }
  const selector = objectAt(generator, "selector");
  const parameters = all.filter((each) => selectorMatches(selector, flatten(each)));
  return { parameters, template: objectAt(given, "template") };
}

/** `values` may also name what this generator itself gives: a text that the outer parameters can't fill is left for later. */
function filledSettings(given: JsonObject, outer: Parameters, template: TextTemplate): JsonObject {
  const { values, ...others } = given;
  const filled = objectAt(fillDeep({ filled: others }, outer, template), "filled");
  if (!isObject(values)) return values === undefined ? filled : { ...filled, values };
  const known = Object.entries(values).map(
    ([key, value]) => [key, typeof value === "string" ? template.fillKnown(value, outer) : value] as const,
  );
  return { ...filled, values: Object.fromEntries(known) };
}

function kindOf(generator: JsonValue): Kind {
  const names = isObject(generator) ? Object.keys(generator).filter((name) => name !== "selector") : [];
  const kind = names.find((name): name is Kind => Object.hasOwn(kinds, name));
  if (kind && names.length === 1) return kind;
  const name = names[0] ?? "(none)";
  if (unsupported.includes(name)) {
    throw new PreviewError("unsupported", `generator "${name}" asks a service that is not part of the repository`);
  }
  const known = Object.keys(kinds).join(", ");
  throw new PreviewError(
    "invalid-application",
    `unrecognized generator ${names.join(" and ")}: expected one of ${known}`,
  );
}
