import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiRequest } from "../api/api-exchange.ts";
import { builtInKinds, createKindRegistry } from "../kinds/index.ts";
import { createPaths, type PathsOptions } from "./create-paths.ts";
import { compareVersions } from "./groups.ts";
import { versionInfo } from "./version.ts";

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

function server(options: Partial<PathsOptions> = {}) {
  const kinds = createKindRegistry(builtInKinds);
  const paths = createPaths({
    kinds,
    serverAddress: () => "127.0.0.1:6443",
    version: versionInfo({ version: "v26", platform: "linux/amd64" }),
    checks: [{ name: "ping", problem: () => undefined }],
    tokens: { discovery: () => ({ configuration: { issuer: "x" }, keys: { keys: [] } }) },
    pages: new Map(),
    openApi: () => undefined,
    ...options,
  });
  const ask = async (url: string, headers: ApiRequest["headers"] = {}, method = "GET") => {
    const [path = "", query] = url.split("?");
    const request: ApiRequest = {
      method,
      path,
      query: new URLSearchParams(query),
      headers,
      body: () => Promise.resolve(Buffer.alloc(0)),
      peer: { address: "", certificate: undefined },
      signal: new AbortController().signal,
    };
    const answer = await paths(request, path, { name: "u", groups: [] });
    if (answer === undefined) return undefined;
    assert.ok(answer.kind === "whole");
    return { ...answer, text: String(answer.body) };
  };
  const read = async (url: string, headers?: ApiRequest["headers"]) =>
    JSON.parse((await ask(url, headers))?.text ?? "null") as Record<string, unknown>;
  return { kinds, ask, read };
}

describe("discovery", () => {
  test("lists groups with those of definitions last and the preferred version first", async () => {
    const { kinds, read } = server();
    const pod = kinds.byResource("", "v1", "pods");
    assert.ok(pod);
    for (const version of ["v1alpha1", "v1", "v2beta1"]) kinds.add({ ...pod, group: "example.com", version });
    const { groups } = (await read("/apis")) as { groups: { name: string; versions: { version: string }[] }[] };
    assert.deepEqual(
      groups.slice(0, 2).map(({ name }) => name),
      ["apiregistration.k8s.io", "apps"],
    );
    assert.deepEqual(
      groups.at(-1)?.versions.map(({ version }) => version),
      ["v1", "v2beta1", "v1alpha1"],
    );
    kinds.remove("example.com", "v1", "pods");
    const { preferredVersion } = (await read("/apis/example.com")) as { preferredVersion: { version: string } };
    assert.equal(preferredVersion.version, "v2beta1");
  });

  test("says in one document what the lists say, for clients that ask for it", async () => {
    const { ask, read } = server();
    const { items } = (await read("/api", { accept: `${aggregated},application/json` })) as {
      items: { versions: { resources: { resource: string; subresources?: { subresource: string }[] }[] }[] }[];
    };
    const resources = items[0]?.versions[0]?.resources ?? [];
    const names = resources.flatMap(({ resource, subresources = [] }) => [
      resource,
      ...subresources.map(({ subresource }) => `${resource}/${subresource}`),
    ]);
    const list = (await read("/api/v1")) as { resources: { name: string }[] };
    assert.deepEqual(
      names,
      list.resources.map(({ name }) => name),
    );
    const etag = (await ask("/apis", { accept: aggregated }))?.headers["etag"];
    const again = await ask("/apis", { accept: aggregated, "if-none-match": String(etag) });
    assert.equal(again?.status, 304);
  });

  test("shows the version of an unreachable server as stale, without resources", async () => {
    const remote = [
      { group: "metrics.k8s.io", version: "v1beta1", groupPriority: 100, versionPriority: 100, resources: undefined },
    ];
    const { read } = server({ remote: () => remote });
    const { items } = (await read("/apis", { accept: aggregated })) as { items: unknown[] };
    assert.deepEqual(items.at(-1), {
      metadata: { name: "metrics.k8s.io" },
      versions: [{ version: "v1beta1", freshness: "Stale" }],
    });
  });

  test("refuses forms that it does not have", async () => {
    const { ask } = server();
    await assert.rejects(ask("/apis", { accept: "text/html" }), { code: 406 });
    await assert.rejects(ask("/apis", { accept: aggregated.replace("v2", "v3") }), { code: 406 });
    await assert.rejects(ask("/version", {}, "POST"), { code: 405 });
    assert.equal(await ask("/apis/nope"), undefined);
    await assert.rejects(ask("/apis/apps/v9"), { code: 404, reason: "NotFound" });
  });

  test("orders versions as Kubernetes prefers them", () => {
    const versions = ["v1beta1", "foo", "v10", "v1alpha2", "v2", "v1beta2", "v1"];
    assert.deepEqual(versions.toSorted(compareVersions), ["v10", "v2", "v1", "v1beta2", "v1beta1", "v1alpha2", "foo"]);
  });
});

describe("health", () => {
  const checks = [
    { name: "ping", problem: () => undefined },
    { name: "etcd", problem: () => "the disk is full" },
    { name: "shutdown", on: ["readyz"] as const, problem: () => undefined },
  ];

  test("is bad when one check is, unless that is left out", async () => {
    const { ask } = server({ checks });
    const bad = await ask("/livez");
    assert.equal(bad?.status, 500);
    assert.equal(bad?.text, "[+]ping ok\n[-]etcd failed: reason withheld\nlivez check failed\n");
    assert.equal((await ask("/livez?exclude=etcd"))?.text, "ok");
    assert.equal(
      (await ask("/livez?exclude=etcd&exclude=nope&verbose"))?.text,
      '[+]ping ok\n[+]etcd excluded: ok\nwarn: some health checks cannot be excluded: no matches for "nope"\nlivez check passed\n',
    );
  });

  test("is asked check by check where the check belongs", async () => {
    const { ask } = server({ checks });
    assert.equal((await ask("/healthz/ping"))?.text, "ok");
    assert.equal((await ask("/readyz/shutdown"))?.status, 200);
    assert.equal(await ask("/livez/shutdown"), undefined);
    assert.equal((await ask("/livez/etcd"))?.status, 500);
  });
});
