import { KustomizeError } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import { peekField, requireKind, setScalar } from "../node/fields.ts";
import { entriesOf, isMissingOrNull, makeScalar } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { compilePattern } from "../resource/pattern.ts";
import { stringField } from "../resource/metadata.ts";
import { changeFields } from "./field-spec.ts";
import type { FieldSpec } from "./field-spec.ts";

/** One entry of `images`. */
export interface ImageChange {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly tagSuffix: string;
  readonly digest: string;
}

export interface ImageParts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

/** Changes the images of all containers, wherever a list named `containers` or `initContainers` stands, and of the fields. */
export function changeImages(object: Node, change: ImageChange, specs: readonly FieldSpec[]): void {
  if (stringField(object, "kind") === "CustomResourceDefinition") return;
  const pattern = imagePattern(change.name);
  const set = (node: Node): void => changeImage(node, change, pattern);
  walkContainers(object, set);
  changeFields(object, specs, { set });
}

export function imagePattern(name: string): RegExp {
  if (name.length > limits.patternCharactersMax) {
    throw new KustomizeError("limit", `an image name has more than ${limits.patternCharactersMax} characters`);
  }
  return compilePattern(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
}

function walkContainers(node: Node, set: (image: Node) => void): void {
  if (node.kind === "sequence") {
    for (const element of node.content) walkContainers(element, set);
    return;
  }
  if (node.kind !== "mapping") return;
  for (const [key, value] of entriesOf(node)) {
    walkContainers(value, set);
    if ((key.value !== "containers" && key.value !== "initContainers") || value.kind !== "sequence") continue;
    for (const container of value.content) {
      requireKind(container, "mapping");
      const image = peekField(container, "image");
      if (image !== undefined) set(image);
    }
  }
}

function changeImage(node: Node, change: ImageChange, pattern: RegExp): void {
  requireKind(node, "scalar");
  if (isMissingOrNull(node) || !pattern.test(node.value)) return;
  setScalar(node, makeScalar(changedImage(node.value, change)));
}

function changedImage(image: string, change: ImageChange): string {
  const parts = splitImage(image);
  let { tag, digest } = parts;
  if (change.newTag !== "") {
    tag = change.newTag;
    digest = change.digest;
  } else if (change.digest !== "") {
    tag = "";
    digest = change.digest;
  } else if (change.tagSuffix !== "") {
    tag += change.tagSuffix;
    digest = "";
  }
  const name = change.newName === "" ? parts.name : change.newName;
  return `${name}${tag === "" ? "" : `:${tag}`}${digest === "" ? "" : `@${digest}`}`;
}

export function splitImage(image: string): ImageParts {
  const slash = Math.max(image.indexOf("/"), 0);
  const rest = image.slice(slash);
  const at = rest.indexOf("@");
  const colon = rest.indexOf(":");
  if (at < 0 && colon < 0) return { name: image, tag: "", digest: "" };
  if (at >= 0 && (colon < 0 || at < colon)) {
    return { name: image.slice(0, slash + at), tag: "", digest: image.slice(slash + at + 1) };
  }
  const end = at < 0 ? image.length : slash + at;
  return {
    name: image.slice(0, slash + colon),
    tag: image.slice(slash + colon + 1, end),
    digest: at < 0 ? "" : image.slice(end + 1),
  };
}
