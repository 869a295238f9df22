import { KustomizeError } from "../kustomize-error.ts";
import { clearField, peekField } from "../node/fields.ts";
import { nodeText } from "../node/node-text.ts";
import type { Node } from "../node/node.ts";
import { setElement } from "./list-element.ts";

export type Directive = "merge" | "replace" | "delete";
const directiveKey = "$patch";

/** What the patch says to do with the place it stands at; the directive itself is taken out of the patch. */
export function takeDirective(patch: Node | undefined): Directive {
  if (patch === undefined) return "merge";
  if (patch.kind === "mapping") {
    const found = peekField(patch, directiveKey);
    if (found === undefined) return "merge";
    const directive = parseDirective(found.value);
    clearField(patch, directiveKey);
    return directive;
  }
  if (patch.kind === "sequence") return takeFromList(patch);
  throw new KustomizeError(
    "transform",
    `no implemented strategic merge patch strategy for '${patch.tag}' ('${nodeText(patch)}')`,
  );
}

function takeFromList(patch: Node): Directive {
  const element = patch.content.find((item) => peekField(item, directiveKey) !== undefined);
  const found = peekField(element, directiveKey);
  if (element === undefined || found === undefined || element.content.length > 2) return "merge";
  const directive = parseDirective(found.value);
  setElement(patch, undefined, [directiveKey], [found.value]);
  return directive;
}

function parseDirective(text: string): Directive {
  if (text === "merge" || text === "replace" || text === "delete") return text;
  throw new KustomizeError("transform", `unknown patch strategy '${text}'`);
}
