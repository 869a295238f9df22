import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesSelectorText } from "./selector-text.ts";
import { selectorText } from "./selector.ts";

const labels = { app: "web", tier: "front", version: "3" };

test("the forms of a requirement are read", () => {
  for (const text of [
    "app=web",
    "app==web,tier!=back",
    "app in (web, api)",
    "tier notin (back),!old",
    "version>2",
    "app",
  ])
    assert.ok(matchesSelectorText(text, labels), text);
  for (const text of ["app=api", "tier!=front", "app in (api)", "!app", "version<3", "old"])
    assert.ok(!matchesSelectorText(text, labels), text);
});

test("what can't be read matches nothing", () => {
  assert.ok(!matchesSelectorText("app in web", labels));
});

test("what selectors are written as is read back", () => {
  const selector = {
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "tier", operator: "NotIn" as const, values: ["back", "middle"] }],
  };
  assert.ok(matchesSelectorText(selectorText(selector), labels));
  assert.ok(!matchesSelectorText(selectorText(selector), { ...labels, tier: "back" }));
});
