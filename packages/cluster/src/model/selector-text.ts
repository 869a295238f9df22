import { matchesRequirement } from "./selector.ts";
import type { Labels, SelectorRequirement } from "./selector.ts";

/** Whether labels fit a selector in the form of a parameter, as the status of a scale has it. What can't be read matches nothing. */
export function matchesSelectorText(text: string, labels: Labels): boolean {
  const requirements = parseSelectorText(text);
  return requirements !== undefined && requirements.every((requirement) => matchesRequirement(requirement, labels));
}

function parseSelectorText(text: string): SelectorRequirement[] | undefined {
  const requirements: SelectorRequirement[] = [];
  // Commas within parentheses part values.
  for (const part of text.match(/(?:[^,(]|\([^)]*\))+/gu) ?? []) {
    const requirement = parseRequirement(part.trim());
    if (requirement === undefined) return undefined;
    requirements.push(requirement);
  }
  return requirements;
}

function parseRequirement(text: string): SelectorRequirement | undefined {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/u.exec(text);
  if (set !== null) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1] ?? "", operator: set[2] === "in" ? "In" : "NotIn", values };
  }
  const pair = /^([^\s=!<>]+)\s*(==?|!=|<|>)\s*(\S*)$/u.exec(text);
  if (pair !== null) {
    const operators = { "=": "In", "==": "In", "!=": "NotIn", "<": "Lt", ">": "Gt" } as const;
    return { key: pair[1] ?? "", operator: operators[pair[2] as "="], values: [pair[3] ?? ""] };
  }
  if (/^![^\s=!<>]+$/u.test(text)) return { key: text.slice(1), operator: "DoesNotExist" };
  return /^[^\s=!<>()]+$/u.test(text) ? { key: text, operator: "Exists" } : undefined;
}
