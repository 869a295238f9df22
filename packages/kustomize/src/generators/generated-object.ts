import { KustomizeError, wrapError } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import { setField } from "../node/fields.ts";
import { compareBytes } from "../node/go-json.ts";
import { makeNode, makeScalar, makeString, tags } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup } from "../node/path.ts";
import { buildAnnotation } from "../resource/build-annotations.ts";
import { foldedBase64, setData } from "../resource/generated-data.ts";
import type { DataValue } from "../resource/generated-data.ts";
import { Resource } from "../resource/resource.ts";
import type { Scopes } from "../resource/scopes.ts";
import { loadKeyValues } from "./key-values.ts";
import type { KeyValueSources } from "./key-values.ts";

export interface GeneratorOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash: boolean;
  readonly immutable: boolean;
}

/** One entry of `configMapGenerator` or `secretGenerator`. */
export interface GeneratorArguments extends KeyValueSources {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace: string;
  readonly behavior: string;
  /** Of a secret. */
  readonly type: string;
  readonly options: GeneratorOptions;
}

export async function generateObject(loader: Loader, input: GeneratorArguments, scopes: Scopes): Promise<Resource> {
  const node = baseObject(input);
  setData(node, await loadData(loader, input));
  if (input.kind === "Secret") lookup(node, ["data"], "mapping");
  decorate(node, input.options);
  const resource = new Resource(node, scopes);
  if (!input.options.disableNameSuffixHash) resource.enable(buildAnnotation.needsHash);
  const isKnown = ["create", "merge", "replace"].includes(input.behavior);
  resource.annotate(buildAnnotation.behavior, isKnown ? input.behavior : "unspecified");
  return resource;
}

function baseObject(input: GeneratorArguments): Node {
  if (input.name === "") throw new KustomizeError("kustomization", "a configmap must have a name");
  const metadata = makeNode("mapping", [makeScalar("name"), makeString(input.name)]);
  if (input.namespace !== "") metadata.content.push(makeScalar("namespace"), makeString(input.namespace));
  const node = makeNode("mapping", [
    makeScalar("apiVersion"),
    makeString("v1"),
    makeScalar("kind"),
    makeString(input.kind),
    makeScalar("metadata"),
    metadata,
  ]);
  if (input.kind === "Secret") setField(node, "type", makeString(input.type === "" ? "Opaque" : input.type));
  return node;
}

async function loadData(loader: Loader, input: GeneratorArguments): Promise<Map<string, DataValue>> {
  const result = new Map<string, DataValue>();
  let entries;
  try {
    entries = await loadKeyValues(loader, input);
  } catch (error) {
    throw wrapError("loading KV pairs", error);
  }
  for (const { key, bytes } of entries) {
    if (result.has(key)) {
      throw new KustomizeError("transform", `configmap ${input.name} illegally repeats the key \`${key}\``);
    }
    result.set(key, input.kind === "Secret" ? { field: "data", text: foldedBase64(bytes) } : configMapValue(bytes));
  }
  return result;
}

function configMapValue(bytes: Uint8Array): DataValue {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString("utf8");
  return Buffer.from(text).equals(buffer)
    ? { field: "data", text }
    : { field: "binaryData", text: foldedBase64(bytes) };
}

function decorate(node: Node, options: GeneratorOptions): void {
  for (const field of ["labels", "annotations"] as const) {
    for (const key of Object.keys(options[field]).sort(compareBytes)) {
      const map = lookup(node, ["metadata", field], "mapping");
      if (map !== undefined) setField(map, key, makeString(options[field][key] ?? ""));
    }
  }
  if (options.immutable) setField(node, "immutable", makeScalar("true", tags.bool));
}
