import assert from "node:assert/strict";
import { test } from "node:test";
import { createInProcess, normalised } from "./tests/create-in-process.ts";
import { invalidAttempts } from "./tests/recorded-answers.ts";
import type { Attempt } from "./tests/recorded-answers.ts";

/** Said by admission plugins, not by the kind. */
const SAID_BY_ADMISSION = 403;

/** What is still said in other words than the real server's, by file. Sinks, and never rises. */
const DIFFERENT_MAX: Readonly<Record<string, number>> = { "custom-resource-definition": 29 };

const attempts = invalidAttempts().filter(({ answer }) => answer.status !== SAID_BY_ADMISSION);
const files = new Set(attempts.map(({ file }) => file));

for (const file of files) {
  test(`what is wrong with a ${file.replaceAll("-", " ")} is said in the words of the real server`, (t) => {
    const own = attempts.filter((attempt) => attempt.file === file);
    const different = own.map((attempt) => [attempt.title, difference(attempt)] as const).filter(([, text]) => text);
    t.diagnostic(`${file}: ${own.length - different.length} of ${own.length} answers are the same`);
    const list = different.map(([title, text]) => `${title}\n${text}`).join("\n");
    assert.ok(different.length <= (DIFFERENT_MAX[file] ?? 0), `${different.length} answers differ:\n${list}`);
  });
}

test("all recorded objects are judged", () => {
  assert.ok(attempts.length >= 510, `${attempts.length}`);
});

function difference({ path, object, answer }: Attempt): string {
  const created = createInProcess(`${path}?fieldValidation=Strict`, object);
  const found = normalised(created.message);
  const expected = answer.body.message ?? "";
  if (found !== expected) return `  expected ${expected || answer.status}\n  found    ${found || created.status}`;
  if (answer.status !== 422) return "";
  const causes = JSON.parse(normalised(JSON.stringify(created.causes))) as unknown[];
  const text = (list: readonly unknown[]): string => list.map((each) => JSON.stringify(sorted(each))).join("\n");
  const recorded = answer.body.details?.causes ?? [];
  return text(causes) === text(recorded) ? "" : `  expected ${text(recorded)}\n  found    ${text(causes)}`;
}

function sorted(value: unknown): unknown {
  return Object.fromEntries(Object.entries(value as object).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
