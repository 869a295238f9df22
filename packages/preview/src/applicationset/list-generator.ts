import { PreviewError } from "../errors.ts";
import { isObject, listAt, textAt, type JsonObject, type JsonValue } from "../json-value.ts";
import { decodeObjects } from "./decode-objects.ts";
import type { GeneratorRun } from "./generator-run.ts";
import type { Parameters } from "./parameters.ts";

export function listParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const elements = listAt(settings, "elements").map((element) => {
    if (!isObject(element))
      throw new PreviewError("invalid-application", "an element of a list generator is no object");
    return run.template.isGoTemplate ? element : textsOf(element);
  });
  const text = textAt(settings, "elementsYaml");
  return text === undefined || text === "" ? elements : [...elements, ...decodeObjects(text, "elementsYaml")];
}

/** Plain templates know strings alone; `values` is the one map that is allowed. */
function textsOf(element: JsonObject): Parameters {
  const texts: Record<string, string> = {};
  const add = (name: string, value: JsonValue) => {
    if (typeof value !== "string") {
      throw new PreviewError(
        "invalid-application",
        `list element "${name}" is no string; goTemplate: true allows others`,
      );
    }
    texts[name] = value;
  };
  for (const [key, value] of Object.entries(element)) {
    if (key === "values" && isObject(value)) {
      for (const [name, each] of Object.entries(value)) add(`values.${name}`, each);
    } else add(key, value);
  }
  return texts;
}
