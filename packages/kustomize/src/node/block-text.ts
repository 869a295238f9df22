import { decode } from "@fairway/yaml";
import { KustomizeError } from "../kustomize-error.ts";
import { isRecord } from "../kustomization/record.ts";
import type { Node } from "./node.ts";

/**
 * kustomize prints every object as text and reads that again, and the two do not always agree on block scalars. What is lost or
 * refused there is part of its answer: an object that kubectl changes or refuses must not look fine here.
 */
export function rereadText(node: Node): string {
  const { value, style } = node;
  const isBlock = style === "literal" || style === "folded" || (style === "plain" && value.includes("\n"));
  // A space before the end of a line cannot stand in a block: then the text is written in quotes, without loss.
  if (!isBlock || / (?:\n|$)/.test(value)) return value;
  if (value.startsWith("\t")) {
    throw new KustomizeError(
      "yaml",
      "yaml: found a tab character where an indentation space is expected: " +
        `the text ${JSON.stringify(value.slice(0, 40))} begins with a tab; kustomize cannot write that`,
    );
  }
  return style === "folded" && /\n[ \t]/.test(value) ? refold(value) : value;
}

/** Line breaks before lines that are indented further are doubled on the way. */
function refold(value: string): string {
  const isBlank = (character: string | undefined): boolean => character === " " || character === "\t";
  const afterBreaks = value.replace(/^\n+/, "").charAt(0);
  const doubles = afterBreaks !== "" && !isBlank(afterBreaks);
  let body = "";
  let isLineStart = true;
  let isIndented = true;
  for (const character of value) {
    if (character === "\n") {
      if (!isLineStart && !isIndented && doubles) body += "\n";
      body += "\n";
      isLineStart = true;
      continue;
    }
    if (isLineStart) {
      body += "  ";
      isIndented = isBlank(character);
    }
    body += character;
    isLineStart = false;
  }
  const hint = value.startsWith(" ") || value.startsWith("\n") ? "2" : "";
  const chomping = value.endsWith("\n\n") || value === "\n" ? "+" : value.endsWith("\n") ? "" : "-";
  const end = body.endsWith("\n") ? "" : "\n";
  const read = decode(`text: >${hint}${chomping}\n${body}${end}`);
  const text = isRecord(read) ? read["text"] : undefined;
  return typeof text === "string" ? text : value;
}
