import assert from "node:assert/strict";
import { test } from "node:test";
import { isReadOnlyBelow, propagationOf } from "./mount-mode.ts";

const mount = { name: "v", mountPath: "/v", readOnly: true } as const;

test("what is mounted below is read-only where that is asked for and possible", () => {
  assert.equal(isReadOnlyBelow(mount, true), false);
  assert.equal(isReadOnlyBelow({ ...mount, recursiveReadOnly: "IfPossible" }, true), true);
  assert.equal(isReadOnlyBelow({ ...mount, recursiveReadOnly: "IfPossible" }, false), false);
  assert.equal(isReadOnlyBelow({ ...mount, recursiveReadOnly: "Enabled" }, true), true);
});

test("what is demanded and can't be had is told in the words of the kubelet", () => {
  const asked =
    'failed to resolve recursive read-only mode: volume "v" requested recursive read-only mode, but it is not';
  const enabled = { ...mount, recursiveReadOnly: "Enabled" } as const;
  assert.throws(() => isReadOnlyBelow(enabled, false), { message: `${asked} supported by the runtime` });
  assert.throws(() => isReadOnlyBelow({ ...enabled, mountPropagation: "HostToContainer" }, true), {
    message: `${asked} compatible with propagation "HostToContainer"`,
  });
  assert.throws(() => isReadOnlyBelow({ ...enabled, readOnly: false }, true), { message: `${asked} read-only` });
});

test("later mounts are seen by the container, or by both sides, only when that is asked for", () => {
  assert.deepEqual(propagationOf(mount), {});
  assert.deepEqual(propagationOf({ ...mount, mountPropagation: "HostToContainer" }), { propagation: "rslave" });
  assert.deepEqual(propagationOf({ ...mount, mountPropagation: "Bidirectional" }), { propagation: "rshared" });
});
