// Writes the TypeScript types of the built-in kinds from their schemas: `node packages/cluster/tools/write-types.ts`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectSchema, Schema, SchemaRef } from "../src/schema/schema.ts";

const folder = join(import.meta.dirname, "../src/schema/data");
const schemas = JSON.parse(readFileSync(join(folder, "schemas.json"), "utf8")) as Record<string, Schema>;

interface Module {
  readonly imports: Map<string, Set<string>>;
  readonly types: string[];
}

const modules = new Map<string, Module>();
const written = new Set<string>();
const sharedNames: Readonly<Record<string, string>> = {
  ObjectMeta: "../../../object/kube-object.ts",
  OwnerReference: "../../../object/kube-object.ts",
  ManagedFieldsEntry: "../../../object/kube-object.ts",
};

for (const [name, schema] of Object.entries(schemas)) {
  if (schema.type === "object" && "metadata" in schema.fields && !name.endsWith("List")) write(name);
}
write("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
mkdirSync(join(folder, "types"), { recursive: true });
for (const [module, { imports, types }] of modules) {
  const head = [...imports]
    .toSorted()
    .map(([path, names]) => `import type { ${[...names].toSorted().join(", ")} } from "${path}";`);
  writeFileSync(join(folder, "types", `${module}.ts`), `${head.join("\n")}\n\n${types.toSorted().join("\n\n")}\n`);
}

function moduleOf(name: string): string {
  const [version = "", group = ""] = name.split(".").toReversed().slice(1);
  return `${group}-${version}`;
}

function write(name: string): void {
  if (written.has(name)) return;
  written.add(name);
  const schema = schemas[name];
  const module: Module = modules.get(moduleOf(name)) ?? { imports: new Map<string, Set<string>>(), types: [] };
  modules.set(moduleOf(name), module);
  const short = shortName(name);
  if (schema?.type !== "object") module.types.push(`export type ${short} = unknown;`);
  else module.types.push(`export interface ${short} {\n${fieldsOf(schema, name).join("\n")}\n}`);
}

function fieldsOf(schema: ObjectSchema, owner: string): string[] {
  return Object.entries(schema.fields).map(([key, reference]) => {
    const isWritten = Object.hasOwn(schema.zeros ?? {}, key);
    const orNull = isWritten && schema.zeros?.[key] === null ? " | null" : "";
    const name = /^\w+$/.test(key) ? key : JSON.stringify(key);
    return `  ${name}${isWritten ? "" : "?"}: ${typeOf(reference, owner)}${orNull};`;
  });
}

function typeOf(reference: SchemaRef, owner: string): string {
  if ("ref" in reference) return named(reference.ref, owner);
  switch (reference.type) {
    case "list": {
      const item = typeOf(reference.items, owner);
      return item.includes("|") ? `(${item})[]` : `${item}[]`;
    }
    case "map":
      return `Record<string, ${typeOf(reference.values, owner)}>`;
    case "object":
    case "any":
      return "unknown";
    case "string":
      return reference.format === "int-or-string" ? "number | string" : "string";
    default:
      return reference.type === "boolean" ? "boolean" : "number";
  }
}

function named(name: string, owner: string): string {
  const short = shortName(name);
  const shared = moduleOf(name) === "meta-v1" ? sharedNames[short] : undefined;
  const path = shared ?? `./${moduleOf(name)}.ts`;
  if (shared === undefined) write(name);
  if (shared !== undefined || moduleOf(name) !== moduleOf(owner)) {
    const module = modules.get(moduleOf(owner));
    const names = module?.imports.get(path) ?? new Set<string>();
    module?.imports.set(path, names.add(short));
  }
  return short;
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
