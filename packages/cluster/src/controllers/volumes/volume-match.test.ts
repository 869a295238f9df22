import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolume, VolumeClaim } from "./claim-object.ts";
import { findVolume, mismatch } from "./volume-match.ts";

function volume(name: string, storage: string, spec: Partial<PersistentVolume["spec"]> = {}): PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: { capacity: { storage }, accessModes: ["ReadWriteOnce", "ReadOnlyMany"], storageClassName: "s", ...spec },
    status: { phase: "Available" },
  };
}

const claim: VolumeClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "c", namespace: "n", uid: "u" },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "s", resources: { requests: { storage: "2Gi" } } },
};

test("the smallest that is large enough is taken", () => {
  const volumes = [volume("large", "9Gi"), volume("right", "3Gi"), volume("small", "1Gi")];
  assert.equal(findVolume(claim, volumes, false)?.metadata.name, "right");
});

test("one that is reserved for the claim comes before all others, and is all that may be taken before a pod is placed", () => {
  const reserved = volume("reserved", "9Gi", { claimRef: { namespace: "n", name: "c" } });
  const volumes = [volume("right", "3Gi"), reserved];
  assert.equal(findVolume(claim, volumes, false)?.metadata.name, "reserved");
  assert.equal(findVolume(claim, [volume("right", "3Gi")], true), undefined);
});

test("one that somebody else has, or had, is not taken", () => {
  const others = volume("others", "3Gi", { claimRef: { namespace: "n", name: "other", uid: "o" } });
  const earlier = volume("earlier", "3Gi", { claimRef: { namespace: "n", name: "c", uid: "of a claim before" } });
  assert.equal(findVolume(claim, [others, earlier], false), undefined);
});

test("why a volume that was asked for doesn't fit is said", () => {
  assert.equal(mismatch(volume("v", "1Gi"), claim, true), "requested PV is too small");
  assert.equal(mismatch(volume("v", "3Gi", { storageClassName: "t" }), claim, true), "storageClassName does not match");
  assert.equal(mismatch(volume("v", "3Gi", { accessModes: ["ReadOnlyMany"] }), claim, true), "incompatible accessMode");
  assert.equal(mismatch(volume("v", "3Gi"), claim, true), undefined);
});
