import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startCluster } from "@fairway/cluster";
import type { Cluster } from "@fairway/cluster";
import { createHttpsClient } from "../https-client.ts";
import { writeTemporary } from "../tests/write-temporary.ts";
import type { TemporaryFolder } from "../tests/write-temporary.ts";
import { parseKubeconfig } from "./kubeconfig-file.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";

/** Any version reads kubeconfigs alike. */
const kubectl = process.env["FAIRWAY_KUBECTL"] ?? "kubectl";
const noKubectl = spawnSync(kubectl, ["version", "--client"]).error !== undefined;

const first = `
clusters:
- { name: one, cluster: { server: "https://one.a:6443" } }
users:
- { name: u, user: { token: from-a } }
contexts:
- { name: ctx-a, context: { cluster: one, user: u } }
current-context: ""
`;
const second = `
clusters:
- { name: one, cluster: { server: "https://one.b:6443", insecure-skip-tls-verify: true } }
- { name: two, cluster: { server: "https://two.b:6443/behind/" } }
users:
- { name: u, user: { token: from-b } }
contexts:
- { name: ctx-a, context: { cluster: two, user: u, namespace: from-b } }
- { name: ctx-b, context: { cluster: one, user: u, namespace: from-b } }
- { name: ctx-c, context: { cluster: two, user: u } }
current-context: ctx-b
`;

/** What kubectl 1.27 to 1.34 show of these two with \`config view --minify\`. */
const merged: readonly { readonly context?: string; readonly server: string; readonly namespace: string }[] = [
  { server: "https://one.a:6443", namespace: "from-b" },
  { context: "ctx-a", server: "https://one.a:6443", namespace: "default" },
  { context: "ctx-b", server: "https://one.a:6443", namespace: "from-b" },
  { context: "ctx-c", server: "https://two.b:6443/behind", namespace: "default" },
];

describe("loadKubeconfig", () => {
  let cluster: Cluster;
  let folder: TemporaryFolder;
  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
    folder = await writeTemporary({ "a.yaml": first, "b.yaml": second, own: cluster.kubeconfig });
  });
  after(async () => {
    await folder.remove();
    await cluster.close();
  });

  const at = (name: string): string => join(folder.path, name);
  const several = (): Record<string, string> => ({
    KUBECONFIG: ["a.yaml", "missing.yaml", "b.yaml"].map(at).join(delimiter),
  });
  const load = async (
    text: string,
    more: Partial<Parameters<typeof loadKubeconfig>[0]> = {},
  ): ReturnType<typeof loadKubeconfig> => {
    await writeFile(at("given"), text);
    return loadKubeconfig({ path: at("given"), env: {}, ...more });
  };
  const simple = (user: string, cluster = `server: "https://127.0.0.1:1"`): string => `
clusters: [{ name: c, cluster: { ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`;

  test("of several files the first that names something wins, entry by entry, as with kubectl", async () => {
    for (const { context, ...expected } of merged) {
      const { server, namespace } = await loadKubeconfig({
        env: several(),
        ...(context === undefined ? {} : { context }),
      });
      assert.deepEqual({ server, namespace }, expected);
    }
  });

  test("says the same as kubectl itself", (context) => {
    if (noKubectl) return context.skip("there is no kubectl on the path, and FAIRWAY_KUBECTL names none");
    for (const expected of merged) {
      const args = ["config", "view", "--minify", "--raw", "-o", "json"];
      const chosen = expected.context === undefined ? [] : ["--context", expected.context];
      const { stdout } = spawnSync(kubectl, [...args, ...chosen], { encoding: "utf8", env: several() });
      const shown = JSON.parse(stdout) as {
        clusters: { cluster: { server: string } }[];
        contexts: { context: { namespace?: string } }[];
        users: { user: { token: string } }[];
      };
      assert.equal(shown.clusters[0]?.cluster.server.replace(/\/$/u, ""), expected.server);
      assert.equal(shown.contexts[0]?.context.namespace ?? "default", expected.namespace);
      assert.equal(shown.users[0]?.user.token, "from-a");
    }
    return undefined;
  });

  test("speaks to a cluster with the certificates of its kubeconfig", async () => {
    const { client, context } = await loadKubeconfig({ path: at("own"), env: {} });
    const { status } = await client.request({ method: "GET", path: "/api/v1/namespaces" });
    assert.deepEqual({ status, context }, { status: 200, context: "fairway" });
    client.close();
  });

  test("what is wrong is named with its file and place, and what there is instead", async () => {
    const wrong: readonly [string, RegExp][] = [
      ["clusters: 5", /given: clusters is of type number, not a list/u],
      ["clusters: [{ name: a }, { name: a }]", /given: clusters has the name "a" twice/u],
      ["a: [", /given: /u],
      ["current-context: x\ncontexts: [{ name: p }, { name: q }]", /given has no context "x": there are p, q/u],
      ["contexts: [{ name: p }]", /given has no current-context: there are p/u],
      [
        "current-context: x\ncontexts: [{ name: x, context: { cluster: c } }]",
        /names the cluster "c", which is not there/u,
      ],
      [simple("token: 7"), /users\[0\]\.user\.token is of type number, not a text: put it in quotes/u],
      [simple("token: t", "server: ftp://x"), /clusters\[c\]\.server is ftp:\/\/x, which is no http or https address/u],
      [simple("client-certificate: /nowhere"), /client-certificate: \/nowhere can't be read/u],
      [simple("client-certificate-data: YWJj, client-key-data: YWJj"), /client-certificate-data is not PEM in base64/u],
      [simple("username: a, token: b"), /has a username and another way/u],
    ];
    for (const [text, message] of wrong) await assert.rejects(load(text), { code: "config-invalid", message });
  });

  test("what is not supported is refused by name", async () => {
    const refused: readonly [string, RegExp][] = [
      [
        simple("auth-provider: { name: gcp }"),
        /users\[u\]\.auth-provider \(gcp\): Kubernetes has no auth providers since 1.26/u,
      ],
      [simple("token: t", 'server: "https://c:1", proxy-url: "socks5://p:1"'), /proxy-url is a SOCKS proxy/u],
      [
        simple("exec: { apiVersion: client.authentication.k8s.io/v1alpha1, command: x }"),
        /exec\.apiVersion is client.authentication.k8s.io\/v1alpha1; known are/u,
      ],
    ];
    for (const [text, message] of refused) await assert.rejects(load(text), { code: "config-unsupported", message });
    await assert.rejects(loadKubeconfig({ env: {}, home: folder.path }), { code: "config-missing" });
    await assert.rejects(loadKubeconfig({ path: at("nowhere"), env: {} }), { code: "config-missing" });
  });

  test("a server without TLS is asked at its path, without credentials", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.setHeader("retry-after", "7").setHeader("warning", ['299 - "one \\"two\\""', '299 - "three"']).end("{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { client } = await load(simple("token: secret", `server: "http://127.0.0.1:${port}/k8s/clusters/c-1/"`));
    const answer = await client.request({ method: "GET", path: "/version", query: { a: "b c" } });
    assert.deepEqual(asked, ["/k8s/clusters/c-1/version?a=b+c", undefined]);
    assert.deepEqual(answer, { status: 200, body: {}, retryAfterSeconds: 7, warnings: ['one "two"', "three"] });
    client.close();
    server.close();
  });

  test("an unreachable and an untrusted server are told apart", async () => {
    const nobody = await load(simple("token: t"));
    await assert.rejects(nobody.client.request({ method: "GET", path: "/version" }), {
      code: "unreachable",
      message: /GET https:\/\/127\.0\.0\.1:1\/version: .*ECONNREFUSED.*is the cluster running\?/u,
    });
    const stranger = await load(simple("token: t", `server: "${cluster.url}"`));
    await assert.rejects(stranger.client.request({ method: "GET", path: "/version" }), { code: "untrusted" });
    const careless = await load(simple("token: t", `server: "${cluster.url}", insecure-skip-tls-verify: true`));
    const { status } = await careless.client.request({ method: "GET", path: "/version" });
    assert.ok(status === 200 || status === 401);
    careless.client.close();
  });

  test("in a pod it is the service account", async () => {
    await writeFile(at("token"), "abc\n");
    await writeFile(at("namespace"), "shop-dev");
    const access = await loadKubeconfig({
      env: { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" },
      home: at("no-home"),
      serviceAccountFolder: folder.path,
    });
    assert.deepEqual([access.server, access.namespace], ["https://[fd00::1]:443", "shop-dev"]);
  });

  test("credentials that are refused are asked for anew, once", async () => {
    const data = parseKubeconfig(cluster.kubeconfig, "own").clusters.get("fairway")?.authorityData ?? "";
    let [asked, forgotten] = [0, 0];
    const client = createHttpsClient({
      server: cluster.url,
      certificateAuthority: Buffer.from(data, "base64"),
      credentials: {
        get: async () => {
          asked += 1;
          return { token: `wrong-${asked}` };
        },
        forget: () => (forgotten += 1),
      },
    });
    const { status } = await client.request({ method: "GET", path: "/api/v1/namespaces" });
    assert.deepEqual([status, asked, forgotten], [401, 2, 1]);
    client.close();
  });
});
