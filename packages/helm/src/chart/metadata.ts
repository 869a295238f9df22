import { sanitize } from "../text/sanitize.ts";
import { anything, bool, decodeStruct, list, map, string, struct } from "./struct-decoder.ts";
import type { StructShape } from "./struct-decoder.ts";
import type { Table } from "../values/table.ts";

export interface Maintainer {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}

/** One entry of `dependencies`. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly importValues: readonly unknown[];
  readonly alias: string;
}

/** What `Chart.yaml` says. An empty text or list means "not given". */
export interface Metadata {
  readonly name: string;
  readonly home: string;
  readonly sources: readonly string[];
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly maintainers: readonly (Maintainer | null)[];
  readonly icon: string;
  readonly apiVersion: string;
  readonly condition: string;
  readonly tags: string;
  readonly appVersion: string;
  readonly deprecated: boolean;
  /** Null when the chart has none: templates can tell the difference. */
  readonly annotations: Readonly<Record<string, string>> | null;
  readonly kubeVersion: string;
  /** Null when there is no such key: then subcharts in `charts/` are all used as they are. */
  readonly dependencies: readonly (Dependency | null)[] | null;
  readonly type: string;
}

const dependencyShape: StructShape = {
  goName: "Dependency",
  fields: {
    name: string,
    version: string,
    repository: string,
    condition: string,
    tags: list(string),
    enabled: bool,
    "import-values": list(anything),
    alias: string,
  },
};

const maintainerShape: StructShape = { goName: "Maintainer", fields: { name: string, email: string, url: string } };

const metadataShape: StructShape = {
  goName: "Metadata",
  fields: {
    name: string,
    home: string,
    sources: list(string),
    version: string,
    description: string,
    keywords: list(string),
    maintainers: list(struct(maintainerShape)),
    icon: string,
    apiVersion: string,
    condition: string,
    tags: string,
    appVersion: string,
    deprecated: bool,
    annotations: map(string),
    kubeVersion: string,
    dependencies: list(struct(dependencyShape)),
    type: string,
  },
};

/** Reads the data of a Chart.yaml, or of a requirements.yaml laid over it. Whole numbers are expected as bigint. */
export function readMetadata(data: unknown, over?: Table): Table {
  return { ...over, ...decodeStruct(data, metadataShape, "v2.Metadata") };
}

/** The metadata as the renderer uses them: every text is one printable line. */
export function metadataOf(fields: Table): Metadata {
  return {
    name: line(fields["name"]),
    home: line(fields["home"]),
    sources: lines(fields["sources"]),
    version: text(fields["version"]),
    description: line(fields["description"]),
    keywords: lines(fields["keywords"]),
    maintainers: objects(fields["maintainers"]).map((entry) => entry && maintainerOf(entry)),
    icon: line(fields["icon"]),
    // Helm 2 accepted charts that did not say their API version.
    apiVersion: text(fields["apiVersion"]) || "v1",
    condition: line(fields["condition"]),
    tags: line(fields["tags"]),
    appVersion: line(fields["appVersion"]),
    deprecated: fields["deprecated"] === true,
    annotations: (fields["annotations"] as Record<string, string> | undefined) ?? null,
    kubeVersion: line(fields["kubeVersion"]),
    dependencies:
      fields["dependencies"] === undefined
        ? null
        : objects(fields["dependencies"]).map((entry) => entry && dependencyOf(entry)),
    type: text(fields["type"]),
  };
}

function maintainerOf(entry: Table): Maintainer {
  return { name: line(entry["name"]), email: line(entry["email"]), url: line(entry["url"]) };
}

function dependencyOf(entry: Table): Dependency {
  const importValues = entry["import-values"];
  return {
    name: line(entry["name"]),
    version: line(entry["version"]),
    repository: line(entry["repository"]),
    condition: line(entry["condition"]),
    tags: lines(entry["tags"]),
    enabled: entry["enabled"] === true,
    importValues: Array.isArray(importValues) ? importValues : [],
    alias: text(entry["alias"]),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function line(value: unknown): string {
  return sanitize(text(value));
}

function lines(value: unknown): string[] {
  return Array.isArray(value) ? value.map(line) : [];
}

function objects(value: unknown): (Table | null)[] {
  return Array.isArray(value) ? (value as (Table | null)[]) : [];
}
