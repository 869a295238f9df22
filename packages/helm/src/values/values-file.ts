import { decode } from "@fairway/yaml";
import { HelmError, messageOf } from "../errors.ts";
import { mergeMaps } from "./merge-maps.ts";
import { isTable } from "./table.ts";
import type { Table } from "./table.ts";

/** Reads a values file: its YAML documents, each a mapping, later ones laid over earlier ones. */
export function parseValuesFile(text: string): Table {
  let values: Table = {};
  for (const document of splitDocuments(text)) values = mergeMaps(values, decodeTable(document));
  return values;
}

/** Splits at lines that begin with `---`, as the Kubernetes reader does before any YAML is parsed. */
function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let current = "";
  for (const line of text.replace(/\r?\n$/u, "").split(/\r?\n/u)) {
    if (!line.startsWith("---")) {
      current += `${line}\n`;
      continue;
    }
    const rest = line.slice(3).trim();
    if (rest !== "" && !rest.startsWith("#")) {
      throw new HelmError("values-invalid", `error reading yaml document: invalid Yaml document separator: ${rest}`);
    }
    if (current === "") current = `${line}\n`;
    else {
      documents.push(current);
      current = "";
    }
  }
  return current === "" ? documents : [...documents, current];
}

function decodeTable(document: string): Table {
  let data: unknown;
  try {
    data = decode(document);
  } catch (error) {
    throw new HelmError("values-invalid", `cannot unmarshal yaml document: ${messageOf(error)}`, { cause: error });
  }
  if (data === null || data === undefined) return {};
  if (isTable(data)) return data;
  throw new HelmError(
    "values-invalid",
    "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " +
      `${jsonName(data)} into Go value of type map[string]interface {}`,
  );
}

function jsonName(data: unknown): string {
  if (Array.isArray(data)) return "array";
  if (typeof data === "string") return "string";
  return typeof data === "boolean" ? "bool" : "number";
}
