// Our answers to the cases, in the form in which Go's are recorded.
import {
  type MissingKey,
  TemplateSet,
  TemplateError,
  hasRawBytes,
  parseTemplate,
  sprint,
  sprintf,
  sprintln,
  stringToBytes,
} from "../src/index.ts";
import type { Answer, CaseGroup } from "./oracle-cases.ts";
import { decodeValue, oracleFunctions } from "./oracle-values.ts";

function output(text: string): Answer {
  return hasRawBytes(text) ? { raw: Buffer.from(stringToBytes(text)).toString("base64") } : text;
}

function missingKeyOf(group: CaseGroup): MissingKey {
  return group.missingkey === "zero" || group.missingkey === "error" ? group.missingkey : "default";
}

export function renderCase(group: CaseGroup, text: string): Answer {
  const [leftDelim = "", rightDelim = ""] = group.delims ?? [];
  const options = { functions: oracleFunctions, leftDelim, rightDelim };
  try {
    const set = new TemplateSet({ name: "set", functions: oracleFunctions, missingKey: missingKeyOf(group) });
    for (const [name, source] of group.files ?? []) set.add(parseTemplate(name, source, options));
    set.add(parseTemplate("t", text, options));
    return output(set.execute("t", decodeValue(group.data ?? null)));
  } catch (error) {
    if (error instanceof TemplateError) return [error.message.toWellFormed()];
    throw error;
  }
}

export function formatCase([format, ...args]: readonly unknown[]): Answer {
  const values = args.map(decodeValue);
  if (format === "Sprint") return output(sprint(...values));
  if (format === "Sprintln") return output(sprintln(...values));
  return output(sprintf(String(format), ...values));
}

export function answersOf(group: CaseGroup): Answer[] {
  return [
    ...(group.templates ?? []).map((text) => renderCase(group, text)),
    ...(group.formats ?? []).map((format) => formatCase(format)),
  ];
}
