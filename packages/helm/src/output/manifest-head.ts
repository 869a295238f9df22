import { decode } from "@fairway/yaml";
import { messageOf, HelmError } from "../errors.ts";
import { decodeStruct, map, string, struct } from "../chart/struct-decoder.ts";
import type { StructShape } from "../chart/struct-decoder.ts";
import { isTable } from "../values/table.ts";

/** What Helm needs to know of a rendered document. */
export interface ManifestHead {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const metadataShape: StructShape = {
  goName: "",
  goType: String.raw`struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }`,
  fields: { name: string, annotations: map(string) },
};

const headShape: StructShape = {
  goName: "SimpleHead",
  fields: { apiVersion: string, kind: string, metadata: struct(metadataShape) },
};

/** Parses a document as Helm does to find out what it is; a document that is no YAML mapping is an error. */
export function readHead(document: string, path: string): ManifestHead {
  try {
    const head = decodeStruct(decode(document, { integers: "bigint" }), headShape, "util.SimpleHead");
    const metadata = isTable(head["metadata"]) ? head["metadata"] : {};
    const annotations = isTable(metadata["annotations"]) ? metadata["annotations"] : {};
    return {
      apiVersion: textOr(head["apiVersion"]),
      kind: textOr(head["kind"]),
      name: textOr(metadata["name"]),
      annotations: annotations as Record<string, string>,
    };
  } catch (error) {
    throw new HelmError("manifest-invalid", `YAML parse error on ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}
