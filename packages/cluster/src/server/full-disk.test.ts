import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { smallDisk } from "../store/testing/small-disk.ts";
import { startCluster } from "./cluster.ts";

const megabyte = 1024 * 1024;
const path = "/api/v1/namespaces/default/configmaps";

test("a server whose disk is full says so, goes on reading, and writes again once there is room", async (t) => {
  const disk = smallDisk(t, 64);
  if (disk === undefined) return;
  const defects: string[] = [];
  const cluster = await startCluster({
    folder: join(disk, "cluster"),
    port: 0,
    parts: "api-server",
    log: (line) => void defects.push(line),
  });
  const create = (name: string, bytes: number): ReturnType<typeof cluster.client.request> =>
    cluster.client.request({ method: "POST", path, body: { metadata: { name }, data: { a: "x".repeat(bytes) } } });
  const filler = join(disk, "filler");
  writeFileSync(filler, Buffer.alloc(16 * megabyte));
  let refused: unknown;
  for (let count = 0; refused === undefined && count < 60; count++) {
    const { status, body } = await create(`big-${count}`, 900_000);
    if (status !== 201) refused = body;
  }
  const { code, message } = refused as { readonly code: number; readonly message: string };
  assert.equal(code, 500);
  assert.match(message, /^The disk of .* is full but for its last megabytes\. Free some space/u);
  assert.equal((await cluster.client.request({ method: "GET", path: `${path}/big-0` })).status, 200);
  rmSync(filler);
  assert.equal((await create("after", 10)).status, 201);
  await cluster.close();
  assert.deepEqual(defects, []);
});
