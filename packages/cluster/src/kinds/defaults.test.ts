import assert from "node:assert/strict";
import { test } from "node:test";
import { createInProcess, kindOf, normalised } from "./tests/create-in-process.ts";
import { createAttempts } from "./tests/recorded-answers.ts";
import { withoutAdmission } from "./tests/without-admission.ts";

/** What is not kept is answered by others: reviews, and the binding of a pod. */
const kept = createAttempts("defaults").filter(({ path }) => kindOf(path).verbs.includes("get"));

for (const { title, path, object, answer } of kept) {
  test(`completes what the real server completes: ${title}`, () => {
    const created = createInProcess(path, object);
    if (answer.status !== 201) {
      assert.equal(normalised(created.message), answer.body.message);
      return;
    }
    assert.equal(created.message, "");
    const recorded = withoutAdmission(answer.body);
    assert.deepEqual(withoutAdmission(JSON.parse(normalised(JSON.stringify(created.object)))), recorded);
  });
}
