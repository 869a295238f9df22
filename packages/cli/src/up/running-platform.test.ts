// What runs while its descriptions are wrong: still shown, its logs read, and ended.
import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { ended, startFairway } from "../run-as-process.ts";
import { SmallPlatform, smallPlatformText } from "./small-platform.ts";

const portOffset = 13_000 + (process.pid % 8_900);
const small = new SmallPlatform();

const fairway = (...words: readonly string[]) => ended(startFairway(words, { cwd: small.folder }));

before(async () => {
  small.describe({ http: "{ port: 8080, public: [/hello] }" });
  small.write({ start: `console.log("said before");` });
  const { code, stderr } = await fairway("up", "--detach", "--runtime", "process", "--port-offset", String(portOffset));
  assert.equal(code, 0, stderr);
});

after(async () => {
  await fairway("down");
  small.remove();
});

const oneWarning = (text: string, what: RegExp): void => {
  assert.equal(text.trimEnd().split("\n").length, 1, text);
  assert.match(text, what);
};

test("a platform whose service.yaml is wrong is shown as it runs, with one line that says what is wrong", async () => {
  small.describe({ http: "{ port: yes }" });
  const wrong = /^warning: hello-service\/service\.yaml:7:\d+: spec\.http\.port .*; what runs goes on/u;
  const status = await fairway("status");
  assert.equal(status.code, 0, status.stderr);
  assert.match(status.stdout, /^hello-service +0\.0\.0 +healthy/mu);
  oneWarning(status.stderr, wrong);

  const data = await fairway("status", "--json");
  const { services, problems } = JSON.parse(data.stdout);
  assert.deepEqual(
    services.map(({ service }: { service: string }) => service),
    ["hello-service"],
  );
  assert.equal(problems[0].file, "hello-service/service.yaml");
  assert.match(JSON.parse(data.stderr).warning.message, /spec\.http\.port/u);

  const logs = await fairway("logs", "hello");
  assert.match(logs.stdout, /said before/u);
  oneWarning(logs.stderr, wrong);
  const open = await fairway("open", "hello", "--print");
  assert.match(open.stdout, /^http:\/\/dev\.small\.example\.com:\d+\/hello$/mu);
  const dev = await fairway("dev", "hello");
  assert.equal(dev.code, 1, "what changes the cluster waits for right descriptions");
});

test("what runs under the name of before is still shown when platform.yaml has another one, or has gone", async () => {
  small.describe({});
  writeFileSync(small.platformFile, smallPlatformText.replace("name: small", "name: large"));
  const renamed = JSON.parse((await fairway("status", "--json")).stdout);
  assert.deepEqual(
    renamed.services.map(({ namespace, health }: Record<string, string>) => [namespace, health]),
    [
      ["small-dev", "healthy"],
      ["large-dev", "missing"],
    ],
  );
  renameSync(small.platformFile, `${small.platformFile}.away`);
  const gone = await fairway("status");
  assert.equal(gone.code, 0, gone.stderr);
  oneWarning(gone.stderr, /^warning: there is no platform\.yaml in /u);
  const down = await fairway("down");
  assert.deepEqual([down.code, down.stdout], [0, "The platform has stopped; its data stays.\n"]);
});
