// Distils what the kinds of a real API server look like: `node packages/cluster/tools/write-schemas.ts KUBECONFIG`, with the kubeconfig of
// `npm run oracle -- kubernetes up --api-only`. Needs Go, which is asked how the types are written as JSON.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { librarySchemas } from "./openapi-schema.ts";
import type { GoField, PublishedSchema } from "./openapi-schema.ts";
import { connectTo } from "./real-server.ts";

const server = connectTo(readFileSync(process.argv[2] ?? "", "utf8"));
const folder = join(import.meta.dirname, "..", "src");

const published: Record<string, PublishedSchema> = {};
const index = (await server.get("/openapi/v3")) as { paths: Record<string, unknown> };
for (const path of Object.keys(index.paths).filter((each) => /^apis?\/(.*\/)?v\d+$/.test(each))) {
  const document = (await server.get(`/openapi/v3/${path}`)) as {
    components?: { schemas?: Record<string, PublishedSchema> };
  };
  Object.assign(published, document.components?.schemas);
}
const goFields = JSON.parse(
  execFileSync("go", ["run", "."], {
    cwd: join(import.meta.dirname, "go-fields"),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  }),
) as Record<string, GoField[]>;
const schemas = Object.entries(librarySchemas(published, goFields)).map(
  ([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`,
);
writeFileSync(join(folder, "schema/data/schemas.json"), `{\n${schemas.join(",\n")}\n}\n`);
const columns = Object.entries(await server.columns()).map(
  ([kind, list]) => `${JSON.stringify(kind)}:[\n${list.map((column) => JSON.stringify(column)).join(",\n")}\n]`,
);
writeFileSync(join(folder, "kinds/data/columns.json"), `{\n${columns.join(",\n")}\n}\n`);
server.close();
