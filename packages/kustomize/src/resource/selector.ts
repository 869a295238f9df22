import { gvkText } from "./gvk.ts";
import type { Gvk } from "./gvk.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { wholePattern } from "./pattern.ts";
import { effectiveNamespace } from "./res-id.ts";
import type { Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";

/** Which objects a patch or a replacement is for; parts are patterns, an empty part means any. */
export interface Selector extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly annotationSelector: string;
  readonly labelSelector: string;
}

export function selectorText(selector: Selector): string {
  const id = `${gvkText(selector)}/${selector.name || "[noName]"}.${selector.namespace || "[noNs]"}`;
  return `${id}:a=${selector.annotationSelector}:l=${selector.labelSelector}`;
}

/** The objects that the selector takes, by what they are called now or were at first. */
export function selectResources(map: ResourceMap, selector: Selector): Resource[] {
  const group = wholePattern(selector.group);
  const version = wholePattern(selector.version);
  const kind = wholePattern(selector.kind);
  const name = wholePattern(selector.name);
  const namespace = wholePattern(selector.namespace);
  const labels = parseLabelSelector(selector.labelSelector);
  const annotations = parseLabelSelector(selector.annotationSelector);
  const takes = (pattern: RegExp | undefined, ...texts: string[]): boolean =>
    pattern === undefined || texts.some((text) => pattern.test(text));
  return map.resources.filter((resource) => {
    const current = resource.currentId;
    const original = resource.originalId;
    return (
      takes(namespace, effectiveNamespace(original), effectiveNamespace(current)) &&
      takes(name, original.name, current.name) &&
      takes(group, current.group) &&
      takes(version, current.version) &&
      takes(kind, current.kind) &&
      labels(resource.labels) &&
      annotations(resource.annotations)
    );
  });
}
