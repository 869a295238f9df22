// `fairway dev` beside `fairway up`, as somebody at a terminal has them: a need is described while both run.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";

const cli = join(import.meta.dirname, "../main.ts");
const portOffset = 21_000 + (process.pid % 5_000);
const folder = mkdtempSync(join(tmpdir(), "fairway-dev-command-"));
const serviceFile = join(folder, "hello-service/service.yaml");

const platform = `
apiVersion: fairway.dev/v1
kind: Platform
metadata: { name: small }
spec:
  domain: small.example.com
  environments: [{ name: dev }]
  registry: { type: ghcr, address: ghcr.io/example/small }
`;
const described = (needs: string): string => `
apiVersion: fairway.dev/v1
kind: Service
metadata: { name: hello-service, owner: team-hello }
spec:
  language: typescript
  http: { port: 8080, public: [/hello] }
  release: { strategy: rolling }
  needs: ${needs}
`;
const program = `
import { createServer } from "node:http";
const { DATABASE_URL: url = "none" } = process.env;
createServer((_, response) => response.end(url.replace(/:[^:@]+@/, "@"))).listen(Number(process.env["PORT"]), process.env["HOST"]);
process.on("SIGTERM", () => process.exit(0));
`;

before(() => {
  mkdirSync(join(folder, "hello-service/src"), { recursive: true });
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, "platform.yaml"), platform);
  writeFileSync(serviceFile, described("{}"));
  writeFileSync(join(folder, "hello-service/src/main.ts"), program);
});

after(async () => {
  await fairway("down");
  rmSync(folder, { recursive: true, force: true });
});

async function fairway(...words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [cli, ...words], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const [code] = await once(child, "close");
  assert.equal(code, 0, `fairway ${words.join(" ")}: ${said}`);
}

function answer(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { host: "dev.small.example.com" };
  request({ port: 8_080 + portOffset, host: "127.0.0.1", path: "/hello", headers, agent: false }, (response) => {
    let text = "";
    response.on("data", (chunk) => (text += chunk)).on("end", () => resolve(text));
  })
    .on("error", reject)
    .end();
  return promise;
}

test("a database that is asked for while fairway dev runs is there when the pods are", async () => {
  await fairway("up", "--detach", "--runtime", "process", "--port-offset", String(portOffset));
  assert.equal(await answer(), "none");
  const dev = spawn(process.execPath, [cli, "dev", "hello", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(dev.stdout)[Symbol.asyncIterator]();
  const heard = async (event: string): Promise<Readonly<Record<string, unknown>>> => {
    for (;;) {
      const { value, done } = await lines.next();
      assert.ok(done !== true, `fairway dev ended before it said ${event}`);
      const said = JSON.parse(value);
      if (said.event === event) return said;
      assert.ok(!["failing", "not-applied", "not-compiled"].includes(said.event), value);
    }
  };
  try {
    await heard("unchanged");
    writeFileSync(serviceFile, described("{ postgres: {} }"));
    const { changes } = await heard("applied");
    const kinds = (changes as readonly { kind: string; change: string }[]).map(
      ({ kind, change }) => `${kind} ${change}`,
    );
    assert.ok(kinds.includes("Secret created") && kinds.includes("Deployment changed"), kinds.join(", "));
    await heard("serving");
    assert.match(await answer(), /^postgres:\/\/hello_service@postgres:5432\/hello_service$/u);
  } finally {
    dev.kill("SIGINT");
    if (dev.exitCode === null) await once(dev, "exit");
  }
});
