import assert from "node:assert/strict";
import test from "node:test";
import { builtInKinds, createKindRegistry } from "../kinds/index.ts";
import { checkRegistered } from "./check-registered.ts";

const kinds = createKindRegistry(builtInKinds);

function check(plural: string, group: string, said: { apiVersion?: unknown; kind?: unknown }): void {
  const kind = builtInKinds.find((each) => each.plural === plural && each.group === group);
  assert.ok(kind);
  checkRegistered(kinds, kind, said);
}

test("an object may leave out what it is, and be in another version of it", () => {
  check("configmaps", "", {});
  check("configmaps", "", { apiVersion: "v1", kind: "ConfigMap" });
  check("deployments", "apps", { apiVersion: "apps/v1beta1" });
  check("events", "events.k8s.io", { apiVersion: "v1", kind: "Event" });
});

test("an object of another kind is refused in the words of Kubernetes", () => {
  const refused = (apiVersion: string, kind: string, message: RegExp): void =>
    assert.throws(() => check("configmaps", "", { apiVersion, kind }), { code: 400, message });
  refused(
    "apps/v1",
    "Deployment",
    /^Deployment in version "v1" .* converting \(v1.Deployment\) to \(core.ConfigMap\): unknown conversion$/,
  );
  refused("v1", "PodList", /: converting \(v1.PodList\) to \(core.ConfigMap\): unknown conversion$/);
  refused("v1", "DeleteOptions", /: converting \(v1.DeleteOptions\) to/);
  refused("v1", "Odd", /: no kind "Odd" is registered for version "v1" in scheme/);
  refused("nope/v1", "ConfigMap", /: no kind "ConfigMap" is registered for version "nope\/v1" in scheme/);
});

test("the API server of definitions knows no kinds but its own", () => {
  assert.throws(() => check("customresourcedefinitions", "apiextensions.k8s.io", { apiVersion: "v1", kind: "Pod" }), {
    message: /no kind "Pod" is registered/,
  });
});
