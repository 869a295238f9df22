import { decodeAll, YamlError } from "@fairway/yaml";
import { PreviewError } from "../errors.ts";
import { isObject, type JsonObject } from "../json-value.ts";

/** Objects in a text: one object, or a list of objects. */
export function decodeObjects(text: string, where: string): readonly JsonObject[] {
  let documents: readonly unknown[];
  try {
    documents = decodeAll(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new PreviewError("invalid-manifest", `${where}: ${error.message}`, { cause: error });
  }
  const first = documents[0] ?? {};
  const objects = Array.isArray(first) ? first : [first];
  if (objects.every(isObject)) return objects;
  throw new PreviewError("invalid-manifest", `${where}: neither an object nor a list of objects`);
}
