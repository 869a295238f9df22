import { createHash } from "node:crypto";
import { goJson } from "../node/go-json.ts";
import type { Node } from "../node/node.ts";
import { peekField } from "../node/fields.ts";
import { toPlain } from "../node/plain-value.ts";
import type { PlainObject, PlainValue } from "../node/plain-value.ts";
import { stringField } from "../resource/metadata.ts";

const letters: Readonly<Record<string, string>> = { "0": "g", "1": "h", "3": "k", a: "m", e: "t" };

/** The suffix that a generated object gets from its content, so that a change of it is a new object. */
export function contentHash(object: Node): string {
  const digest = createHash("sha256").update(hashedText(object)).digest("hex").slice(0, 10);
  return digest.replace(/[013ae]/g, (digit) => letters[digit] ?? digit);
}

function hashedText(object: Node): string {
  const kind = stringField(object, "kind");
  if (kind === "ConfigMap") return encode(object, kind, [], "binaryData");
  if (kind === "Secret") return encode(object, kind, ["type"], "stringData");
  return goJson(nodeJson(object));
}

function encode(object: Node, kind: string, more: readonly string[], optional: string): string {
  // The name counts as empty: kustomize looks for a field that is called "metadata/name".
  const result: PlainObject = { kind, name: "", data: valueOf(peekField(object, "data")) };
  for (const field of more) result[field] = valueOf(peekField(object, field));
  const value = peekField(object, optional);
  if (value !== undefined && value.kind !== "scalar") result[optional] = valueOf(value);
  return goJson(result);
}

function valueOf(node: Node | undefined): PlainValue {
  if (node === undefined) return "";
  return node.kind === "scalar" ? node.value : toPlain(node);
}

const kindNumbers = { none: 0, sequence: 2, mapping: 4, scalar: 8 } as const;
const styleNumbers = { plain: 0, double: 2, single: 4, literal: 8, folded: 16 } as const;

/** For other kinds the syntax tree itself is hashed, as Go's encoding prints it; places in the file are not known here. */
function nodeJson(node: Node): PlainValue {
  return {
    Kind: kindNumbers[node.kind],
    Style: styleNumbers[node.style],
    Tag: node.tag,
    Value: node.value,
    Content: node.content.map(nodeJson),
  };
}
