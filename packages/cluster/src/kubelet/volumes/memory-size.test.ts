import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "../pods/pod.ts";
import { memoryVolumeBytes } from "./memory-size.ts";

const mib = 1024 ** 2;

function bytesOf(sizeLimit: string | undefined, limits: readonly (string | undefined)[], whole?: string): number {
  const containers = limits.map((memory, index): Container => {
    return { name: String(index), image: "i", resources: memory === undefined ? {} : { limits: { memory } } };
  });
  const resources = whole === undefined ? {} : { resources: { limits: { memory: whole } } };
  const metadata = { name: "p", namespace: "default", uid: "u" };
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers, ...resources } };
  const emptyDir = { medium: "Memory", ...(sizeLimit === undefined ? {} : { sizeLimit }) };
  return memoryVolumeBytes({ name: "v", emptyDir }, pod, "1Gi") / mib;
}

test("a volume in memory holds what it says, but no more than its pod or the node may have", () => {
  assert.equal(bytesOf(undefined, [undefined]), 1024);
  assert.equal(bytesOf("10Mi", [undefined]), 10);
  assert.equal(bytesOf("2Gi", [undefined]), 1024);
  assert.equal(bytesOf(undefined, ["20Mi", "30Mi"]), 50);
  assert.equal(bytesOf("60Mi", ["20Mi", "30Mi"]), 50);
  assert.equal(bytesOf("0", ["20Mi", "30Mi"]), 50);
});

test("a pod of which one container has no limit has none, unless it is said for the pod as a whole", () => {
  assert.equal(bytesOf(undefined, ["20Mi", undefined]), 1024);
  assert.equal(bytesOf(undefined, ["20Mi", undefined], "100Mi"), 100);
});
