import { decode } from "@fairway/yaml";
import type { FieldSpec } from "../filters/field-spec.ts";
import { isRecord } from "../kustomization/record.ts";
import { KustomizeError, messageOf } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import { emptyConfig, mergeConfig } from "./transformer-config.ts";
import type { ReferenceSpec, TransformerConfig } from "./transformer-config.ts";

interface Collected {
  readonly commonAnnotations: FieldSpec[];
  readonly commonLabels: FieldSpec[];
  readonly namePrefix: FieldSpec[];
  readonly nameReference: ReferenceSpec[];
}

type Definitions = Readonly<Record<string, unknown>>;

/** Reads a file of the `crds` field: OpenAPI definitions whose extensions say which fields are names, labels, annotations. */
export function configFromCrds(document: string, path: string): TransformerConfig {
  let definitions: unknown;
  try {
    definitions = document.startsWith("{") ? JSON.parse(document) : decode(document);
  } catch (error) {
    throw new KustomizeError(
      "kustomization",
      `unable to parse open API definition from '${path}': ${messageOf(error)}`,
      error,
    );
  }
  let result = emptyConfig;
  if (!isRecord(definitions)) return result;
  for (const name of Object.keys(definitions).sort()) {
    const properties = propertiesOf(definitions, name);
    if (!["kind", "apiVersion", "metadata"].every((field) => Object.hasOwn(properties, field))) continue;
    const found: Collected = { commonAnnotations: [], commonLabels: [], namePrefix: [], nameReference: [] };
    collect(definitions, name, { kind: name.slice(name.lastIndexOf(".") + 1), path: [], found });
    result = mergeConfig(result, { ...emptyConfig, ...found });
  }
  return result;
}

function propertiesOf(definitions: Definitions, name: string): Readonly<Record<string, unknown>> {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!isRecord(definition)) return {};
  const key = Object.keys(definition).find((candidate) => candidate.toLowerCase() === "schema");
  const schema = key === undefined ? undefined : definition[key];
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  return isRecord(properties) ? properties : {};
}

interface Walk {
  readonly kind: string;
  readonly path: readonly string[];
  readonly found: Collected;
}

function collect(definitions: Definitions, name: string, walk: Walk): void {
  if (walk.path.length > limits.depthMax) {
    throw new KustomizeError("limit", `the definition '${name}' refers to itself`);
  }
  for (const [field, property] of Object.entries(propertiesOf(definitions, name))) {
    if (!isRecord(property)) continue;
    const path = [...walk.path, field];
    const spec = (...more: string[]): FieldSpec => ({
      group: "",
      version: "",
      kind: walk.kind,
      path: [...path, ...more].join("/"),
      create: false,
    });
    const extension = (key: string): string | undefined => {
      const value = property[`x-kubernetes-${key}`];
      return typeof value === "string" ? value : undefined;
    };
    if (extension("annotation") !== undefined) walk.found.commonAnnotations.push(spec());
    if (extension("label-selector") !== undefined) walk.found.commonLabels.push(spec());
    if (extension("identity") !== undefined) walk.found.namePrefix.push(spec());
    const version = extension("object-ref-api-version");
    const kind = extension("object-ref-kind");
    if (version !== undefined && kind !== undefined) {
      const nameKey = extension("object-ref-name-key") ?? "name";
      walk.found.nameReference.push({ target: { group: "", version, kind }, fields: [spec(nameKey)] });
    }
    const reference = property["$ref"];
    if (typeof reference === "string") collect(definitions, reference, { ...walk, path });
  }
}
