import { YamlError, decode } from "@fairway/yaml";
import type { Node } from "./node.ts";
import { isString } from "./node.ts";

const plainName = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const words11 = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** Whether the text alone would not be read as a string by YAML 1.1, such as `yes`, `0644` or `1:30`. */
export function isAmbiguousText(text: string): boolean {
  if (text === "" || text.includes("\n")) return false;
  if (plainName.test(text) && !words11.test(text)) return false;
  try {
    return typeof decode(text) !== "string";
  } catch (error) {
    if (error instanceof YamlError) return false;
    throw error;
  }
}

/** A string that is set without quotes gets them when it would otherwise be read as something else. */
export function quoteIfAmbiguous(node: Node | undefined): void {
  if (node !== undefined && node.style === "plain" && isString(node) && isAmbiguousText(node.value)) {
    node.style = "double";
  }
}
