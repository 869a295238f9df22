import { changeField, changeFields, setEntry } from "../filters/field-spec.ts";
import type { FieldSpec } from "../filters/field-spec.ts";
import { changeImages } from "../filters/image.ts";
import type { ImageChange } from "../filters/image.ts";
import { changeNamespace } from "../filters/namespace.ts";
import type { NamespaceChange } from "../filters/namespace.ts";
import { contentHash } from "../generators/hash.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { setScalar } from "../node/fields.ts";
import { compareBytes, goJson } from "../node/go-json.ts";
import { makeScalar, tags } from "../node/node.ts";
import { toPlain } from "../node/plain-value.ts";
import { buildAnnotation } from "../resource/build-annotations.ts";
import { gvkText, isSelected } from "../resource/gvk.ts";
import { idEquals, idKey } from "../resource/res-id.ts";
import type { ResourceMap } from "../resource/resource-map.ts";

export type Transform = (map: ResourceMap) => void;

/** Labels or annotations: entries that are set in every field of the specs. */
export function entriesTransform(values: Readonly<Record<string, string>>, specs: readonly FieldSpec[]): Transform {
  const entries = Object.entries(values).sort(([left], [right]) => compareBytes(left, right));
  return (map) => {
    for (const { tree } of map.resources) {
      for (const [key, value] of entries) {
        const set = setEntry(key, value, tags.string);
        changeFields(tree, specs, { set, createKind: "mapping", createTag: tags.map });
      }
    }
  };
}

export function imageTransform(change: ImageChange, specs: readonly FieldSpec[]): Transform {
  return (map) => {
    for (const { tree } of map.resources) changeImages(tree, change, specs);
  };
}

export function namespaceTransform(change: NamespaceChange): Transform {
  return (map) => {
    if (change.namespace === "") return;
    const counts = new Map<string, number>();
    const count = (key: string, by: number): number => {
      const result = (counts.get(key) ?? 0) + by;
      counts.set(key, result);
      return result;
    };
    for (const resource of map.resources) count(idKey(resource.currentId), 1);
    for (const resource of map.resources) {
      count(idKey(resource.currentId), -1);
      resource.storePreviousId();
      changeNamespace(resource.tree, change, resource.currentId.clusterScoped);
      const id = resource.currentId;
      if (count(idKey(id), 1) === 1) continue;
      const texts = map.resources
        .filter((other) => idEquals(id, other.currentId))
        .map((other) => goJson(toPlain(other.tree)));
      throw new KustomizeError("conflict", `namespace transformation produces ID conflict: [${texts.join(" ")}]`);
    }
  };
}

const keepTheirName = [
  { group: "", version: "", kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", version: "", kind: "APIService" },
  { group: "", version: "", kind: "Namespace" },
];

/** Puts a text before or after the names of objects. */
export function affixTransform(where: "prefix" | "suffix", affix: string, specs: readonly FieldSpec[]): Transform {
  const change = (name: string): string => (where === "prefix" ? `${affix}${name}` : `${name}${affix}`);
  return (map) => {
    for (const resource of map.resources) {
      const id = resource.originalId;
      if (keepTheirName.some((kind) => isSelected(id, kind))) continue;
      for (const spec of specs) {
        if (!isSelected(id, spec)) continue;
        if (spec.path === "metadata/name" && affix !== "") {
          if (where === "prefix") resource.addPrefix(affix);
          else resource.addSuffix(affix);
          resource.storePreviousId();
        }
        changeField(resource.tree, spec, {
          set: (node) => setScalar(node, makeScalar(change(node.value))),
          createKind: "scalar",
          createTag: tags.string,
        });
      }
    }
  };
}

export function replicaTransform(name: string, count: number, specs: readonly FieldSpec[]): Transform {
  return (map) => {
    let isFound = false;
    for (const spec of specs) {
      for (const { tree } of map.matchingAnyId((id) => id.name === name && isSelected(id, spec))) {
        isFound = true;
        const set = setEntry("", String(count), tags.int);
        changeField(tree, spec, { set, createKind: "scalar", createTag: tags.int });
      }
    }
    if (isFound) return;
    const kinds = specs.map(gvkText).join(" ");
    throw new KustomizeError(
      "transform",
      `resource with name ${name} does not match a config with the following GVK [${kinds}]`,
    );
  };
}

/** Adds the hash of the content to the names of generated objects. */
export const hashTransform: Transform = (map) => {
  for (const resource of map.resources) {
    if (!resource.isEnabled(buildAnnotation.needsHash)) continue;
    const hash = contentHash(resource.tree);
    resource.storePreviousId();
    resource.name = `${resource.name}-${hash}`;
  }
};
