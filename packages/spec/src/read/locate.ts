import { keyText, type YamlNode } from "@fairway/yaml";
import type { Place } from "./reading.ts";

export type Step = string | number;

/** The node of a field, or the deepest one on the way to it: the default of an absent field is blamed on its parent. */
export function locate(root: YamlNode, steps: readonly Step[]): Place {
  let node = root;
  for (const step of steps) {
    const next = child(node, step);
    if (!next) break;
    node = next;
  }
  return { node, path: pathText(steps) };
}

function child(node: YamlNode, step: Step): YamlNode | undefined {
  if (typeof step === "number") return node.kind === "sequence" ? node.items[step] : undefined;
  return node.kind === "mapping" ? node.entries.find(({ key }) => keyText(key) === step)?.value : undefined;
}

export function pathText(steps: readonly Step[]): string {
  return steps
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}
