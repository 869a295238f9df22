import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../object/kube-object.ts";
import { builtInKinds } from "./catalogue.ts";
import { createInProcess, kindOf, normalised } from "./tests/create-in-process.ts";
import { createAttempts, recordedAnswers } from "./tests/recorded-answers.ts";

const now = new Date("2026-01-02T03:04:09Z");

for (const { title, path, object } of createAttempts("tables")) {
  test(`kubectl get shows what the real server shows: ${title}`, () => {
    const table = recordedAnswers("scenarios/tables")[title]?.find(({ body }) => body.kind === "Table")?.body;
    const kind = kindOf(path);
    const created = createInProcess(path, object).object;
    assert.ok(created, "the object is valid");
    const { columnDefinitions, rows } = table ?? {};
    const named = kind.columns.filter(({ isUnnamed }) => !isUnnamed);
    assert.deepEqual(
      named.map(({ name, type, format, description, priority }) => ({
        name,
        type,
        format,
        description: description === "" ? "" : "(text)",
        priority,
      })),
      columnDefinitions,
    );
    const cells = kind.columns.map(({ cell }) => shown(cell(created, now)));
    assert.deepEqual(cells, rows?.[0]?.cells);
  });
}

test("every column of every kind has a cell", () => {
  const empty = builtInKinds.flatMap(({ schema, kind, group, columns }) => {
    const object = { metadata: { name: "a" }, spec: {}, status: {} } as unknown as KubeObject;
    assert.ok(schema.fields);
    return columns
      .filter(({ cell }) => {
        try {
          return cell(object, now) === "<unknown>" && !cell.toString().includes("now");
        } catch {
          return false; // It looks into fields that a real object has.
        }
      })
      .map(({ name }) => `${group} ${kind} ${name}`);
  });
  assert.deepEqual(empty, []);
});

function shown(value: unknown): unknown {
  if (value === "4s") return "(age)";
  return typeof value === "string" ? normalised(value) : value;
}
