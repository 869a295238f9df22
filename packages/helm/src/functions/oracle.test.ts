import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TemplateError, hasRawBytes, stringToBytes } from "@fairway/gotemplate";
import { helmFunctionTable } from "./index.ts";
import { type Answer, allCases } from "./tests/oracle-cases.ts";
import { decodeValue } from "./tests/oracle-values.ts";
import { renderWith } from "./tests/render.ts";
import { seededEnvironment } from "./tests/seeded-environment.ts";

const answers = new URL("testdata/answers/", import.meta.url);
const functions = helmFunctionTable(seededEnvironment("oracle"));

function render(template: string, data: unknown): Answer {
  try {
    const text = renderWith(functions, template, decodeValue(data));
    return hasRawBytes(text) ? { raw: Buffer.from(stringToBytes(text)).toString("base64") } : text;
  } catch (error) {
    if (error instanceof TemplateError) return [error.message.toWellFormed()];
    throw error;
  }
}

for (const [name, groups] of allCases()) {
  const count = groups.reduce((sum, group) => sum + group.templates.length, 0);
  test(`gives Helm's answer to the ${count} cases of ${name}`, () => {
    const recorded = JSON.parse(readFileSync(new URL(`${name}.json`, answers), "utf8")) as Answer[][];
    assert.equal(recorded.flat().length, count, "cases and answers differ in number; record the answers again");
    const wrong: string[] = [];
    groups.forEach(({ data, templates }, groupIndex) => {
      templates.forEach((template, index) => {
        const theirs = recorded[groupIndex]?.[index];
        const ours = render(template, data);
        if (JSON.stringify(ours) === JSON.stringify(theirs)) return;
        wrong.push(`${template}\n  Helm: ${JSON.stringify(theirs)}\n  ours: ${JSON.stringify(ours)}`);
      });
    });
    assert.equal(wrong.length, 0, `${wrong.length} of ${count} differ:\n${wrong.join("\n")}`);
  });
}
