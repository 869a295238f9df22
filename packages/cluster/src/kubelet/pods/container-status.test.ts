import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSlot } from "./container-slot.ts";
import type { ContainerSlot } from "./container-slot.ts";
import { containerStatus } from "./container-status.ts";
import type { Container, ContainerStatus, Pod, Terminated } from "./pod.ts";

const ended = (exitCode: number, message?: string): Terminated => ({
  exitCode,
  containerID: `oci://${exitCode}`,
  ...(message === undefined ? {} : { message }),
});

/** The status of a pod's first container. */
function statusOf(containers: readonly Partial<Container>[], state: Partial<ContainerSlot>): ContainerStatus {
  const whole = containers.map((each, index): Container => ({ name: `c${index}`, image: "i", ...each }));
  const metadata = { name: "p", namespace: "default", uid: "u" };
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: whole, restartPolicy: "Never" } };
  const slot = makeSlot(whole[0] ?? { name: "", image: "" }, "main", pod);
  Object.assign(slot, state);
  return containerStatus(slot, { pod, runtimeName: "oci", isIsolated: true, canBeReadOnlyBelow: false });
}

test("one that won't be started again shows its last end, whatever it was waiting for", () => {
  const waiting = { reason: "RunContainerError" };
  const { state, lastState } = statusOf([{}], { terminated: ended(3), previous: ended(2), waiting });
  assert.deepEqual([state, lastState], [{ terminated: ended(3) }, {}]);
});

test("one that will be started again shows what it waits for, and its last end", () => {
  const rules = [{ action: "Restart", exitCodes: { operator: "In" as const, values: [3] } }];
  const waiting = { reason: "CrashLoopBackOff" };
  const { state, lastState } = statusOf([{ restartPolicyRules: rules }], { terminated: ended(3), waiting });
  assert.deepEqual([state, lastState], [{ waiting }, { terminated: ended(3) }]);
});

test("what a container was given is told when it has ended too, and not before it has begun", () => {
  const resources = { requests: { memory: "20Mi" } };
  const over = statusOf([{}], { terminated: ended(137), resources });
  assert.deepEqual([over.resources, over.allocatedResources], [resources, resources.requests]);
  const never = statusOf([{}], {});
  assert.deepEqual([never.resources, never.allocatedResources, never.containerID], [undefined, undefined, undefined]);
});

test("whoever has limits is told those of its pod as well", () => {
  const limits = { cpu: "10m" };
  const metadata = { name: "p", namespace: "default", uid: "u" };
  const container = { name: "c", image: "i", resources: { limits } };
  const spec = { containers: [container], resources: { limits: { memory: "64Mi", cpu: "1" } } };
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata, spec };
  const slot = makeSlot(container, "main", pod);
  Object.assign(slot, { terminated: ended(0), resources: { limits } });
  const context = { pod, runtimeName: "oci", canBeReadOnlyBelow: false };
  assert.deepEqual(containerStatus(slot, { ...context, isIsolated: true }).resources?.limits, {
    cpu: "10m",
    memory: "64Mi",
  });
  assert.deepEqual(containerStatus(slot, { ...context, isIsolated: false }).resources?.limits, limits);
});

test("the containers of a pod share what is kept of their last words", () => {
  const long = "x".repeat(4096);
  const length = (count: number): number | undefined => {
    const { state } = statusOf(
      Array.from({ length: count }, () => ({})),
      { terminated: ended(1, long) },
    );
    return state?.terminated?.message?.length;
  };
  assert.deepEqual([length(1), length(3), length(5)], [4096, 4096, 2457]);
});
