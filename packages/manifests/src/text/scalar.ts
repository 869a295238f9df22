import { parseDocuments } from "@fairway/yaml";

/** Letters and signs that mean nothing by themselves; whether they mean something together is asked of the reader. */
const plain = /^[A-Za-z0-9_./][A-Za-z0-9_./@+%(),;: -]*$/;

/** A text as one line of YAML that every reader takes for this very text, be it `on`, `1e3` or three lines. */
export function scalar(text: string): string {
  return plain.test(text) && isText(text) ? text : quoted(text);
}

function isText(text: string): boolean {
  const { documents, problems } = parseDocuments(text);
  const root = documents[0]?.root;
  return problems.length === 0 && documents.length === 1 && root?.kind === "scalar" && root.value === text;
}

function quoted(text: string): string {
  // JSON leaves what YAML does not let stand bare.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What Go's templates would take for an instruction is written by an instruction. */
export function escapedForTemplate(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}
