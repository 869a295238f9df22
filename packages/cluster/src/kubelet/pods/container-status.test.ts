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
  return containerStatus(slot, { pod, runtimeName: "oci", reportsUser: false });
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
