import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { explain, type Explanation } from "./explain.ts";

function explained(path: string): Explanation {
  const answer = explain(path);
  assert.ok(answer.found, JSON.stringify(answer));
  return answer.explanation;
}

describe("explain", () => {
  test("finds a field with and without spec, and through lists", () => {
    assert.equal(explained("service.release.steps").path, "service.spec.release.steps");
    assert.deepEqual(explained("service.spec.release.steps[0].weight"), explained("service.release.steps.weight"));
    assert.equal(explained("service.metadata.owner").presence, "required");
  });

  test("tells default, allowed values, example and parts", () => {
    const scale = explained("service.scale");
    assert.deepEqual(scale.default, { min: 2, max: 10, cpu: 70, triggers: [], vertical: "recommend" });
    assert.deepEqual(
      scale.fields.map((field) => field.name),
      ["min", "max", "cpu", "memory", "triggers", "vertical"],
    );
    assert.equal(explained("platform.engines.gitops").allowed, "argocd, flux");
    assert.equal(explained("service.scale.cpu").allowed, "from 1 to 100");
  });

  test("names the variant of a field that only one has", () => {
    const fields = explained("service.release").fields;
    assert.equal(fields[0]?.name, "strategy");
    assert.equal(fields.find((field) => field.name === "soak")?.variant, "blue-green");
  });

  test("says of which variants a field is, when not all have it", () => {
    assert.deepEqual(explained("service.release.soak").variants, ["blue-green"]);
    assert.deepEqual(explained("service.release.slo").variants, ["canary", "blue-green"]);
    assert.equal(explained("service.release.strategy").variants, undefined);
    assert.equal(explained("service.scale").variants, undefined);
  });

  test("reads any name below a map", () => {
    assert.ok(explained("service.environments").fields.some((field) => field.name === "scale"));
    assert.equal(explained("service.environments.prod.scale.max").type, "whole number");
  });

  test("names the nearest field of an unknown one", () => {
    const answer = explain("service.relase");
    assert.ok(!answer.found);
    assert.equal(answer.suggestion, "service.spec.release");
    assert.ok(!explain("sevice").found);
    assert.ok(!explain("").found);
    assert.ok(!explain("service.constructor").found);
  });
});
