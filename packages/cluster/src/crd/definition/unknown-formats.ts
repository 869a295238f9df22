import type { CustomResourceDefinition } from "../../schema/data/types/apiextensions-v1.ts";
import { eachSchema } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { isSupportedFormat } from "../values/formats.ts";

/** Formats of texts that nothing checks. */
export function unknownFormats({ spec }: CustomResourceDefinition): readonly string[] {
  const schemas = (spec.versions ?? []).map(({ schema }) => schema?.openAPIV3Schema as JsonSchema | undefined);
  // Versions that say the same count once.
  const texts = new Set(schemas.map((schema) => JSON.stringify(schema)));
  const formats: string[] = [];
  for (const schema of texts.size === 1 ? schemas.slice(0, 1) : schemas) {
    if (schema === undefined) continue;
    eachSchema(schema, ({ type, format = "" }) => {
      if (format !== "" && type === "string" && !isSupportedFormat(format)) formats.push(format);
    });
  }
  return formats;
}
