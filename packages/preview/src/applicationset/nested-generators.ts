import { PreviewError } from "../errors.ts";
import { listAt, type JsonObject, type JsonValue } from "../json-value.ts";
import type { GeneratorRun } from "./generator-run.ts";
import { mergeDeep, type Parameters } from "./parameters.ts";

/** Every pair of the two generators' sets. The second may use the parameters of the first. */
export function matrixParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const generators = listAt(settings, "generators");
  const [first, second] = generators;
  if (first === undefined || second === undefined || generators.length !== 2) {
    throw new PreviewError("invalid-application", `a matrix has two generators; found ${generators.length}`);
  }
  return run
    .nested(first)
    .parameters.flatMap((outer) =>
      run
        .nested(second, outer)
        .parameters.map((each) => (run.template.isGoTemplate ? mergeDeep(each, outer) : combined(outer, each))),
    );
}

/** Without goTemplate both sides may give a name only with the same value. */
function combined(a: Parameters, b: Parameters): Parameters {
  const clash = Object.keys(b).find((key) => Object.hasOwn(a, key) && a[key] !== b[key]);
  if (clash === undefined) return { ...a, ...b };
  const values = `"${String(a[clash])}" and "${String(b[clash])}"`;
  throw new PreviewError(
    "invalid-application",
    `both generators of a matrix give "${clash}", with different values: ${values}`,
  );
}

/** The sets of the first generator, each completed by those of the others that have the same merge keys. */
export function mergeParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const generators = listAt(settings, "generators");
  if (generators.length < 2) {
    throw new PreviewError("invalid-application", `a merge has two generators or more; found ${generators.length}`);
  }
  const mergeKeys = listAt(settings, "mergeKeys").filter((key) => typeof key === "string");
  if (mergeKeys.length === 0) throw new PreviewError("invalid-application", "a merge has no mergeKeys");
  const [base = new Map<string, Parameters>(), ...overrides] = generators.map((generator) =>
    byMergeKeys(run.nested(generator).parameters, mergeKeys),
  );
  return [...base].map(([key, parameters]) => {
    let merged = parameters;
    for (const override of overrides) {
      const found = override.get(key);
      if (found) merged = run.template.isGoTemplate ? mergeDeep(merged, found) : { ...merged, ...found };
    }
    return merged;
  });
}

function byMergeKeys(sets: readonly Parameters[], mergeKeys: readonly string[]): Map<string, Parameters> {
  const found = new Map<string, Parameters>();
  for (const set of sets) {
    const values: readonly JsonValue[] = mergeKeys.map((key) => (Object.hasOwn(set, key) ? (set[key] ?? null) : null));
    const key = JSON.stringify(values);
    if (found.has(key)) {
      const which = mergeKeys.map((name, index) => `${name}=${JSON.stringify(values[index])}`).join(", ");
      throw new PreviewError(
        "invalid-application",
        `a generator of a merge gives two sets with the same merge keys: ${which}`,
      );
    }
    found.set(key, set);
  }
  return found;
}
