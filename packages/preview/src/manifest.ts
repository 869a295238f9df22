import { isObject, textAt, type JsonObject, type JsonValue } from "./json-value.ts";

/** An object of Kubernetes as a file or a chart gives it. */
export interface Manifest {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly value: JsonObject;
}

/** Undefined for what is no object of Kubernetes: empty documents, values, configuration of tools. */
export function manifestOf(value: unknown): Manifest | undefined {
  if (!isObject(value)) return undefined;
  const apiVersion = textAt(value, "apiVersion");
  const kind = textAt(value, "kind");
  if (apiVersion === undefined || kind === undefined) return undefined;
  const slash = apiVersion.indexOf("/");
  return {
    group: slash === -1 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    namespace: textAt(value, "metadata", "namespace") ?? "",
    name: textAt(value, "metadata", "name") ?? textAt(value, "metadata", "generateName") ?? "",
    value,
  };
}

/** The manifests in decoded documents; a `List` stands for its items, as `kubectl apply` takes it. */
export function manifestsOf(documents: readonly unknown[]): readonly Manifest[] {
  return documents.flatMap((document) => {
    const manifest = manifestOf(document);
    if (!manifest) return [];
    const items = manifest.value["items"];
    const isList = manifest.kind.endsWith("List") && Array.isArray(items);
    return isList ? manifestsOf(items as readonly JsonValue[]) : [manifest];
  });
}

/** What makes two manifests the same object of one cluster. The version of its API does not: `v1beta1` and `v1` are one object. */
export function objectKey(manifest: Manifest, cluster: string): string {
  return [cluster, manifest.group, manifest.kind, manifest.namespace, manifest.name].join("\0");
}
