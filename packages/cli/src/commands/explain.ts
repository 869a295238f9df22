import { explain, type ExplainedField, type Explanation } from "@fairway/spec";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";

export const explainCommand = defineCommand({
  summary: "Document any field of the two specs",
  positionals: [{ name: "FIELD", summary: "such as service.release.steps or platform.environments", required: true }],
  options: {},
  examples: [
    { command: "fairway explain service", meaning: "What a service.yaml can hold" },
    { command: "fairway explain service.release.steps", meaning: "One field with its parts" },
    { command: "fairway explain platform.environments.gates", meaning: "What a version has to pass" },
  ],
  async run({ terminal }, { positionals: [path = ""] }) {
    const answer = explain(path);
    if (!answer.found) {
      const hint =
        answer.suggestion === undefined
          ? "fairway explain service lists the fields"
          : `did you mean ${answer.suggestion}?`;
      throw new CliError("bad-usage", answer.message, { hint });
    }
    terminal.print(answer.explanation, (style) => page(answer.explanation, style));
    return exitCode.ok;
  },
});

function page(explanation: Explanation, style: Style): string {
  const facts: (readonly [string, string])[] = [
    ["type", explanation.type],
    ["presence", explanation.presence],
  ];
  if (explanation.variants !== undefined) facts.push(["only for", explanation.variants.join(", ")]);
  if (explanation.allowed !== undefined) facts.push(["allowed", explanation.allowed]);
  if (explanation.default !== undefined) facts.push(["default", inline(explanation.default)]);
  if (explanation.example !== undefined) facts.push(["example", inline(explanation.example)]);
  const parts = [
    `${style.bold(explanation.path)}\n${explanation.description}`,
    table(facts.map(([name, value]) => [`  ${style.dim(name)}`, value])),
  ];
  if (explanation.fields.length > 0)
    parts.push(`${style.bold("Fields")}\n${table(explanation.fields.map((field) => fieldRow(field, style)))}`);
  return parts.join("\n\n");
}

function fieldRow(field: ExplainedField, style: Style): readonly string[] {
  const presence = field.default === undefined ? field.presence : `default ${short(inline(field.default))}`;
  const variant = field.variant === undefined ? "" : style.dim(` (${field.variant})`);
  return [`  ${style.accent(field.name)}`, field.type, style.dim(presence), `${field.description}${variant}`];
}

/** As one would write it on a line of YAML. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(inline).join(", ")} ]`;
  if (typeof value !== "object" || value === null) return typeof value === "string" ? value : JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${inline(each)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function short(text: string): string {
  return text.length > 24 ? `${text.slice(0, 21)}...` : text;
}
