import type { ObjectSchema, Schema, SchemaRef } from "../../schema/schema.ts";

const text: Schema = { type: "string" };
const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";
const listOf = (items: SchemaRef): Schema => ({ type: "list", listType: "atomic", items });
const listOfNamed = (name: string): Schema => listOf({ ref: `${meta}.${name}` });

/** Texts that are always there, and the names of others. */
function texts(required: readonly string[], others: readonly string[] = []): ObjectSchema {
  return {
    type: "object",
    required,
    fields: Object.fromEntries([...required, ...others].map((name) => [name, text])),
    zeros: Object.fromEntries(required.map((name) => [name, ""])),
  };
}

/** What only answers about the API itself contain: no object has them, and the library of kinds does without. */
export const rootSchemas: Readonly<Record<string, Schema>> = {
  [`${meta}.APIVersions`]: {
    type: "object",
    required: ["versions", "serverAddressByClientCIDRs"],
    fields: {
      apiVersion: text,
      kind: text,
      serverAddressByClientCIDRs: listOfNamed("ServerAddressByClientCIDR"),
      versions: listOf(text),
    },
  },
  [`${meta}.APIGroupList`]: {
    type: "object",
    required: ["groups"],
    fields: { apiVersion: text, kind: text, groups: listOfNamed("APIGroup") },
  },
  [`${meta}.APIGroup`]: {
    type: "object",
    required: ["name", "versions"],
    fields: {
      apiVersion: text,
      kind: text,
      name: text,
      preferredVersion: { ref: `${meta}.GroupVersionForDiscovery` },
      serverAddressByClientCIDRs: listOfNamed("ServerAddressByClientCIDR"),
      versions: listOfNamed("GroupVersionForDiscovery"),
    },
    zeros: { name: "", preferredVersion: {} },
  },
  [`${meta}.GroupVersionForDiscovery`]: texts(["groupVersion", "version"]),
  [`${meta}.ServerAddressByClientCIDR`]: texts(["clientCIDR", "serverAddress"]),
  "io.k8s.apimachinery.pkg.version.Info": texts(
    ["major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"],
    ["emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor"],
  ),
};
