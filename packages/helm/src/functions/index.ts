// The table of all functions that Helm gives to templates, but for those of its engine (include, tpl, required, ...).
import { FunctionTable } from "@fairway/gotemplate";
import type { GoFunction } from "@fairway/gotemplate";
import { certificateFunctions } from "./certificates.ts";
import { dateFunctions } from "./dates.ts";
import { defaultFunctions, typeFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encodings.ts";
import type { HelmEnvironment } from "./environment.ts";
import { jsonFunctions } from "./json.ts";
import { listFunctions } from "./lists.ts";
import { arithmeticFunctions, floatFunctions, sequenceFunctions } from "./numbers.ts";
import { hashFunctions } from "./hashes.ts";
import { pathFunctions } from "./paths.ts";
import { regexpFunctions } from "./regexps.ts";
import { randomFunctions, secretFunctions } from "./secrets.ts";
import { semverFunctions } from "./semver/functions.ts";
import { caseFunctions, cuttingFunctions, stringListFunctions, textFunctions } from "./strings.ts";
import { tomlFunctions } from "./toml.ts";
import { urlFunctions } from "./urls.ts";
import { yamlFunctions } from "./yaml.ts";

const pureFunctions: Readonly<Record<string, GoFunction>> = {
  ...arithmeticFunctions,
  ...caseFunctions,
  ...cuttingFunctions,
  ...defaultFunctions,
  ...dictFunctions,
  ...encodingFunctions,
  ...floatFunctions,
  ...hashFunctions,
  ...jsonFunctions,
  ...listFunctions,
  ...pathFunctions,
  ...regexpFunctions,
  ...semverFunctions,
  ...sequenceFunctions,
  ...stringListFunctions,
  ...textFunctions,
  ...tomlFunctions,
  ...typeFunctions,
  ...urlFunctions,
  ...yamlFunctions,
};

/** Helm's functions over that clock and that randomness. */
export function helmFunctionTable(environment: HelmEnvironment): FunctionTable {
  return new FunctionTable({
    ...pureFunctions,
    ...dateFunctions(environment),
    ...randomFunctions(environment),
    ...secretFunctions(environment),
    ...certificateFunctions(environment),
  });
}
