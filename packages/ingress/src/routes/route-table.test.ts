import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IngressObject, IngressPath } from "../cluster/cluster-objects.ts";
import { hostTable, pathTable } from "./data/path-table.ts";
import { hostOf } from "./host-match.ts";
import { pathOfTarget } from "./path-match.ts";
import { buildRouteTable } from "./route-table.ts";

const backend = (name: string): IngressPath["backend"] => ({ service: { name, port: { number: 80 } } });

const ingress = (name: string, spec: NonNullable<IngressObject["spec"]>, created = "2026-01-01"): IngressObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name, namespace: "shop", creationTimestamp: created },
  spec,
});

const rule = (
  host: string,
  rules: readonly string[],
): NonNullable<NonNullable<IngressObject["spec"]>["rules"]>[number] => ({
  ...(host === "" ? {} : { host }),
  http: {
    paths: rules.map((each) => {
      const [kind, path = ""] = each.split(" ");
      return { path, pathType: kind === "exact" ? "Exact" : "Prefix", backend: backend(each) };
    }),
  },
});

describe("route table", () => {
  for (const { rules, path, taken } of pathTable) {
    test(`of ${rules.join(", ")} the path ${path} is for ${taken ?? "none"}`, () => {
      const table = buildRouteTable([ingress("i", { rules: [rule("", rules)] })]);
      assert.equal(table.find("host", pathOfTarget(path))?.backend.service?.name, taken);
    });
  }

  for (const { hosts, host, taken } of hostTable) {
    test(`of the hosts ${hosts.map((each) => each || "(any)").join(", ")} the host ${host} is for ${taken ?? "none"}`, () => {
      const rules = hosts.map((each) => ({
        ...rule(each, []),
        http: { paths: [{ path: "/", pathType: "Prefix" as const, backend: backend(each) }] },
      }));
      const found = buildRouteTable([ingress("i", { rules })]).find(hostOf(host), "/");
      assert.equal(found?.backend.service?.name, taken);
    });
  }

  test("an ImplementationSpecific path is a prefix, and no path is all of them", () => {
    const paths: IngressPath[] = [
      { path: "/foo", pathType: "ImplementationSpecific", backend: backend("foo") },
      { pathType: "ImplementationSpecific", backend: backend("all") },
    ];
    const table = buildRouteTable([ingress("i", { rules: [{ http: { paths } }] })]);
    assert.equal(table.find("", "/foo/bar")?.backend.service?.name, "foo");
    assert.equal(table.find("", "/foobar")?.backend.service?.name, "all");
  });

  test("a rule for any host gets what the rules of a host leave", () => {
    const table = buildRouteTable([ingress("i", { rules: [rule("a.org", ["prefix /a"]), rule("", ["prefix /"])] })]);
    assert.equal(table.find("a.org", "/a")?.backend.service?.name, "prefix /a");
    assert.equal(table.find("a.org", "/b")?.backend.service?.name, "prefix /");
  });

  test("a default backend gets what no rule wants; that of the Ingress of the host first", () => {
    const table = buildRouteTable([
      ingress("rest", { defaultBackend: backend("rest") }, "2025-01-01"),
      ingress("own", { defaultBackend: backend("own"), rules: [rule("a.org", ["prefix /a"])] }),
    ]);
    const names = [
      ["a.org", "/a"],
      ["a.org", "/b"],
      ["b.org", "/b"],
    ].map(([host = "", path = ""]) => table.find(host, path)?.backend.service?.name);
    assert.deepEqual(names, ["prefix /a", "own", "rest"]);
    assert.deepEqual(table.hosts, ["*", "a.org"]);
  });

  test("of two Ingresses that say the same the older one wins", () => {
    const rules = [rule("a.org", ["prefix /"])];
    const table = buildRouteTable([ingress("new", { rules }, "2026-02-02"), ingress("old", { rules }, "2026-02-01")]);
    assert.equal(table.find("a.org", "/")?.ingress, "shop/old");
  });
});
