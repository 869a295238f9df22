// `fairway dev` beside `fairway up`, as somebody at a terminal has them: a need is described while both run.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { ended, startFairway } from "../run-as-process.ts";
import { SmallPlatform } from "../up/small-platform.ts";

const portOffset = 4_000 + (process.pid % 8_900);
const small = new SmallPlatform();
const cwd = small.folder;
const described = (needs: string): void =>
  small.describe({ http: "{ port: 8080, public: [/hello] }", more: `needs: ${needs}` });

before(() => {
  described("{}");
  small.write({
    start: `const { DATABASE_URL: url = "none" } = process.env;`,
    answer: `url.replace(/:[^:@]+@/, "@")`,
  });
});

after(async () => {
  await fairway("down");
  small.remove();
});

async function fairway(...words: readonly string[]): Promise<void> {
  const { code, stderr } = await ended(startFairway(words, { cwd }));
  assert.equal(code, 0, `fairway ${words.join(" ")}: ${stderr}`);
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
  const dev = startFairway(["dev", "hello", "--json"], { cwd });
  assert.ok(dev.stdout);
  dev.stderr?.pipe(process.stderr);
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
    described("{ postgres: {} }");
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
