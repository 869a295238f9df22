import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { checkExistingPods, checkNamespaceLabels, checkPod, checkTemplate } from "./pod-security.ts";

const baseline = { "pod-security.kubernetes.io/enforce": "baseline" };

describe("admission by Pod Security", () => {
  test("refuses a pod that the namespace does not allow, in the words of Kubernetes", () => {
    assert.equal(
      checkPod(pod("a", { hostNetwork: true }), baseline).forbidden,
      `violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)`,
    );
    assert.equal(checkPod(pod("a", {}), baseline).forbidden, undefined);
  });

  test("warns at the enforced level unless the namespace says otherwise", () => {
    const deployment: KubeObject = {
      ...pod("web", {}),
      kind: "Deployment",
      spec: { template: { spec: { hostPID: true, containers: [] } } },
    };
    assert.deepEqual(checkTemplate(deployment, baseline).warnings, [
      `would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)`,
    ]);
    assert.deepEqual(
      checkTemplate(deployment, { ...baseline, "pod-security.kubernetes.io/warn": "privileged" }).warnings,
      [],
    );
    assert.equal(checkTemplate(deployment, baseline).forbidden, undefined);
  });

  test("enforces the strictest level when a label can't be read, and says so when it is written", () => {
    const labels = {
      "pod-security.kubernetes.io/enforce": "strict",
      "pod-security.kubernetes.io/warn-version": "1.30",
    };
    assert.match(checkPod(pod("a", {}), labels).forbidden ?? "", /^violates PodSecurity "restricted:latest"/);
    assert.deepEqual(
      checkNamespaceLabels(labels, undefined).map(({ field, message }) => `${field}: ${message}`),
      [
        `metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted`,
        `metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"`,
      ],
    );
    assert.deepEqual(checkNamespaceLabels(labels, labels), []);
  });

  test("looks at a running pod again only when an image changes", () => {
    const before = pod("a", { hostNetwork: true });
    assert.equal(
      checkPod({ ...before, metadata: { name: "a", labels: { x: "y" } } }, baseline, before).forbidden,
      undefined,
    );
    const other = pod("a", { hostNetwork: true, containers: [{ name: "c", image: "new" }] });
    assert.notEqual(checkPod(other, baseline, before).forbidden, undefined);
  });

  test("names the pods that a stricter namespace would refuse", () => {
    const pods = ["c", "a", "b"].map((name) => pod(name, { hostNetwork: true }));
    const change = { name: "shop", labels: baseline, before: {} };
    assert.deepEqual(
      checkExistingPods(change, () => [...pods, pod("fine", {})]),
      [
        `existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"`,
        "a (and 2 other pods): host namespaces",
      ],
    );
    assert.deepEqual(
      checkExistingPods({ name: "shop", labels: {}, before: baseline }, () => pods),
      [],
    );
  });
});

function pod(name: string, spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [{ name: "c", image: "old" }], ...spec },
  };
}
