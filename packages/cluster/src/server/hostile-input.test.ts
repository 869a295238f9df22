import assert from "node:assert/strict";
import { request } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { startCluster, type Cluster } from "./cluster.ts";

let cluster: Cluster;
let credentials: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
const defects: string[] = [];

before(async () => {
  const log = (line: string): void => void defects.push(line);
  cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log });
  const config = JSON.parse(cluster.kubeconfig) as {
    clusters: [{ cluster: { "certificate-authority-data": string } }];
    users: [{ user: { "client-certificate-data": string; "client-key-data": string } }];
  };
  const { user } = config.users[0];
  const bytes = (text: string): Buffer => Buffer.from(text, "base64");
  credentials = {
    ca: bytes(config.clusters[0].cluster["certificate-authority-data"]),
    cert: bytes(user["client-certificate-data"]),
    key: bytes(user["client-key-data"]),
  };
});

after(async () => {
  await cluster.close();
  // Whatever was sent: nothing in here went wrong in the server itself.
  assert.deepEqual(defects, []);
});

interface Wish {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isAnonymous?: true;
}

interface Answer {
  readonly code: number;
  readonly body: { readonly reason?: string; readonly message?: string; readonly data?: Record<string, string> };
}

async function ask({ method = "GET", path, body, headers = {}, isAnonymous }: Wish): Promise<Answer> {
  const { ca, ...client } = credentials;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port } = new URL(cluster.url);
  // The path goes out as it is; an URL would clean it.
  const outgoing = request(
    { hostname, port, path, method, headers, ca, ...(isAnonymous ? {} : client), agent: false },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ code: incoming.statusCode ?? 0, body: text.startsWith("{") ? (JSON.parse(text) as object) : {} });
      });
    },
  );
  outgoing.on("error", reject).end(body);
  return promise;
}

const configMaps = "/api/v1/namespaces/default/configmaps";
const json = { "content-type": "application/json" };

test("a body over three megabytes is refused before it is read to its end", async () => {
  const body = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"big"},"data":{"x":"${"x".repeat(3_200_000)}"}}`;
  const { code, body: status } = await ask({ method: "POST", path: configMaps, headers: json, body });
  assert.equal(code, 413);
  assert.equal(status.reason, "RequestEntityTooLarge");
});

test("JSON that nests a hundred thousand times is refused, in objects, in patches and in YAML", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const body = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep"},"data":${deep}}`;
  assert.equal((await ask({ method: "POST", path: configMaps, headers: json, body })).code, 400);
  await ask({ method: "POST", path: configMaps, headers: json, body: `{"metadata":{"name":"patched"}}` });
  for (const type of ["merge-patch+json", "strategic-merge-patch+json", "json-patch+json", "apply-patch+yaml"]) {
    const headers = { "content-type": `application/${type}` };
    const path = `${configMaps}/patched?fieldManager=test`;
    const { code } = await ask({ method: "PATCH", path, headers, body: `{"data":${deep}}` });
    assert.ok(code >= 400 && code < 500, `${type}: ${code}`);
  }
});

test("invalid UTF-8 is read as Go reads it: with the replacement character", async () => {
  const body = Buffer.concat([
    Buffer.from('{"metadata":{"name":"bytes"},"data":{"x":"a'),
    Buffer.from([0xff]),
    Buffer.from('b"}}'),
  ]);
  const { code, body: made } = await ask({ method: "POST", path: configMaps, headers: json, body });
  assert.equal(code, 201);
  assert.equal(made.data?.["x"], "a\uFFFDb");
});

test("bodies that are no objects, broken patches and unknown types are answered with what is wrong", async () => {
  for (const body of ["", "null", "[]", "1", '"x"', "{", "\0\0\0", "{}{}", '{"kind":1}', '{"metadata":[]}']) {
    const { code } = await ask({ method: "POST", path: configMaps, headers: json, body });
    assert.ok(code >= 400 && code < 500, `${JSON.stringify(body)}: ${code}`);
  }
  for (const type of ["application/xml", "text/plain", "multipart/form-data; boundary=x", "application/"]) {
    const { code } = await ask({ method: "POST", path: configMaps, headers: { "content-type": type }, body: "{}" });
    assert.equal(code, 415, type);
  }
});

test("a path with dots, slashes, zero bytes or broken escapes leads nowhere that its user may not go", async () => {
  const paths = [
    "/api/v1/namespaces/default/../kube-system/secrets",
    "/api/v1/namespaces/default/%2e%2e/kube-system/secrets",
    "/api/v1/namespaces/default%2F..%2Fkube-system/secrets",
    "//api/v1/secrets",
    "/healthz/../api/v1/secrets",
    "/livez/%2e%2e/api/v1/secrets",
    "/api/v1/secrets%00",
    "/api/v1/%zz",
    "/version/../api/v1/secrets",
  ];
  for (const path of paths) {
    const { code } = await ask({ path, isAnonymous: true });
    assert.ok(code === 400 || code === 403 || code === 404, `${path}: ${code}`);
  }
  assert.equal((await ask({ path: `/api/v1/namespaces/${"a".repeat(5_000)}/pods` })).code, 200);
});

test("tokens that nobody signed are refused, however they claim to be signed", async () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = part({
    iss: "https://kubernetes.default.svc.cluster.local",
    sub: "system:serviceaccount:default:default",
  });
  for (const head of [{ alg: "none" }, { alg: "HS256" }, { alg: "RS256", kid: "../../etc/passwd" }, { alg: "RS256" }]) {
    const headers = { authorization: `Bearer ${part(head)}.${claims}.${part("x")}` };
    assert.equal((await ask({ path: configMaps, headers, isAnonymous: true })).code, 401, JSON.stringify(head));
  }
  for (const token of ["x", "a.b", "a.b.c.d", "…", "a".repeat(20_000)]) {
    const headers = { authorization: `Bearer ${Buffer.from(token).toString("latin1")}` };
    assert.equal((await ask({ path: configMaps, headers, isAnonymous: true })).code, 401, token.slice(0, 20));
  }
});

test("connections that say nothing, or half of something, keep nobody else waiting", async () => {
  const { hostname: host, port } = new URL(cluster.url);
  const sockets: TLSSocket[] = [];
  for (let index = 0; index < 100; index++) {
    const socket = connect({ host, port: Number(port), ...credentials, ALPNProtocols: ["http/1.1"] });
    socket.on("error", () => undefined);
    sockets.push(socket);
    await once(socket, "secureConnect");
    if (index % 2 === 0)
      socket.write("POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nhost: x\r\ncontent-length: 9");
  }
  assert.equal((await ask({ path: configMaps })).code, 200);
  for (const socket of sockets) socket.destroy();
});

test("garbage in place of HTTP, and in place of TLS, ends that connection alone", async () => {
  const { hostname: host, port } = new URL(cluster.url);
  const garbage = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7_919) % 256));
  for (const protocols of [["http/1.1"], ["h2"]]) {
    const socket = connect({ host, port: Number(port), ...credentials, ALPNProtocols: protocols });
    socket.on("error", () => undefined);
    await once(socket, "secureConnect");
    socket.resume().write(garbage);
    await once(socket, "close");
  }
  assert.equal((await ask({ path: configMaps })).code, 200);
});
