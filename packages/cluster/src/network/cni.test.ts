import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { cniAdd, cniDelete } from "./cni.ts";
import { NetworkError } from "./network-error.ts";

/** Plugins that write down how they were called. */
function plugins(t: TestContext, scripts: Readonly<Record<string, string>>): { folder: string; calls: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), "fairway-cni-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    const head = `#!/bin/sh\nconfiguration=$(cat)\necho "$CNI_COMMAND ${name} $CNI_IFNAME $configuration" >> ${folder}/calls\n`;
    writeFileSync(join(folder, name), `${head}${script}\n`, { mode: 0o755 });
  }
  return { folder, calls: () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n") };
}

const call = { containerId: "c1", namespace: "/run/netns/c1", interfaceName: "eth0" };

test("each plugin gets the result of the one before; the last one is undone first", async (t) => {
  const answer = `echo '{"cniVersion":"1.0.0","ips":[{"address":"10.1.0.2/24"}]}'`;
  const { folder, calls } = plugins(t, { first: answer, second: answer });
  const network = { name: "net", cniVersion: "1.0.0", plugins: [{ type: "first" }, { type: "second", extra: 1 }] };
  const result = await cniAdd(network, { ...call, pluginFolder: folder });
  assert.equal(result.ips?.[0]?.address, "10.1.0.2/24");
  await cniDelete(network, { ...call, pluginFolder: folder }, result);
  const [one = "", two = "", three = "", four = ""] = calls();
  assert.equal(one, 'ADD first eth0 {"name":"net","cniVersion":"1.0.0","type":"first"}');
  assert.match(two, /^ADD second eth0 .*"extra":1,"prevResult":\{"cniVersion":"1.0.0","ips"/u);
  assert.match(three, /^DEL second eth0 .*"prevResult"/u);
  assert.match(four, /^DEL first eth0 .*"prevResult"/u);
});

test("a plugin's own words say why it failed", async (t) => {
  const { folder } = plugins(t, {
    broken: `echo '{"cniVersion":"1.0.0","code":11,"msg":"no addresses left","details":"range 10.1.0.0/24"}'; exit 1`,
  });
  const network = { name: "net", cniVersion: "1.0.0", plugins: [{ type: "broken" }] };
  await assert.rejects(cniAdd(network, { ...call, pluginFolder: folder }), (error: unknown) => {
    assert.ok(error instanceof NetworkError);
    assert.equal(error.code, "cni-failed");
    assert.equal(error.message, 'plugin type="broken" failed (add): no addresses left: range 10.1.0.0/24');
    return true;
  });
});

test("a plugin that is not there is named", async (t) => {
  const { folder } = plugins(t, {});
  const network = { name: "net", cniVersion: "1.0.0", plugins: [{ type: "absent" }] };
  await assert.rejects(cniAdd(network, { ...call, pluginFolder: folder }), /absent: spawn .* ENOENT/u);
});
