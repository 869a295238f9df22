import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { once } from "node:events";
import { test } from "node:test";
import type { ChildProcessWithoutNullStreams } from "node:child_process";

function start(env: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(import.meta.dirname, "sleepy-service.ts")], {
    env: { PATH: process.env["PATH"], PORT: "0", ...env },
  });
}

async function lineWith(child: ChildProcessWithoutNullStreams, message: string): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const found = text.split("\n").find((line) => line.includes(`"message":"${message}"`));
    if (found !== undefined) return JSON.parse(found);
  }
  throw new Error(`the process ended without "${message}": ${text}`);
}

test("a wrong configuration lists every problem and ends with 78", async () => {
  const child = start({ PORT: "many", LOG_LEVEL: "loud" });
  let text = "";
  child.stderr.on("data", (chunk) => (text += chunk));
  const [code] = await once(child, "close");
  assert.equal(code, 78);
  assert.match(text, /PORT must be integer/);
  assert.match(text, /LOG_LEVEL/);
  assert.doesNotMatch(text, / at .*\.ts/);
});

test("the first SIGTERM ends a service when its requests are answered", async () => {
  const child = start({ SHUTDOWN_SECONDS: "10" });
  const exited = once(child, "exit");
  const { url } = await lineWith(child, "listening");
  const underWay = fetch(`${String(url)}/sleep`);
  await fetch(`${String(url)}/entered`);
  child.kill("SIGTERM");
  assert.equal((await underWay).status, 200);
  assert.deepEqual(await exited, [0, null]);
});

test("the second signal ends it at once", async () => {
  const child = start({ SHUTDOWN_SECONDS: "10" });
  const exited = once(child, "exit");
  const { url } = await lineWith(child, "listening");
  const underWay = assert.rejects(fetch(`${String(url)}/forever`));
  await fetch(`${String(url)}/entered`);
  child.kill("SIGTERM");
  await assert.rejects(waitUntilRefused(String(url)));
  child.kill("SIGINT");
  assert.deepEqual(await exited, [130, null]);
  await underWay;
});

/** Rejects as soon as the service takes no more connections. */
async function waitUntilRefused(url: string): Promise<never> {
  for (;;) await fetch(`${url}/livez`, { headers: { connection: "close" } });
}
