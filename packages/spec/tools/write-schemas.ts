// Writes the JSON Schemas for editors from the model: `npm run schemas`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchema, publishedKinds } from "../src/schema/published.ts";

for (const kind of publishedKinds) {
  const path = join(import.meta.dirname, `../schema/${kind}.schema.json`);
  writeFileSync(path, `${JSON.stringify(jsonSchema(kind), undefined, 2)}\n`);
}
