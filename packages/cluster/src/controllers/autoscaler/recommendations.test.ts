import assert from "node:assert/strict";
import { test } from "node:test";
import type { Autoscaler } from "./autoscaler-object.ts";
import { Recommendations } from "./recommendations.ts";

const minute = 60_000;

function autoscaler(behavior?: Autoscaler["spec"]["behavior"]): Autoscaler {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "h", namespace: "n" },
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "d" },
      maxReplicas: 20,
      ...(behavior === undefined ? {} : { behavior }),
    },
  };
}

const wish = (current: number, desired: number, now: number) => ({ key: "n/h", current, desired, least: 1, now });

test("without a behaviour it at most doubles, and says so", () => {
  const recommendations = new Recommendations();
  recommendations.begin("n/h", 5, 0);
  const { replicas, limited } = recommendations.judge(autoscaler(), wish(5, 15, 0));
  assert.equal(replicas, 10);
  assert.deepEqual([limited.isLimited, limited.reason], [true, "ScaleUpLimit"]);
});

test("it goes down to the highest number of the last five minutes, and further when they are over", () => {
  const recommendations = new Recommendations();
  recommendations.begin("n/h", 8, 0);
  const early = recommendations.judge(autoscaler(), wish(8, 2, minute));
  assert.deepEqual([early.replicas, early.ableToScale.reason], [8, "ScaleDownStabilized"]);
  const late = recommendations.judge(autoscaler(), wish(8, 2, 6 * minute));
  assert.deepEqual([late.replicas, late.ableToScale.reason], [2, "ReadyForNewScale"]);
});

test("policies count from where their period began", () => {
  const policies = [{ type: "Pods", value: 2, periodSeconds: 60 }] as const;
  const behavior = {
    scaleUp: { selectPolicy: "Max", policies },
    scaleDown: { selectPolicy: "Max", policies },
  } as const;
  const recommendations = new Recommendations();
  recommendations.begin("n/h", 4, -10 * minute);
  const first = recommendations.judge(autoscaler(behavior), wish(4, 10, 0));
  assert.equal(first.replicas, 6);
  recommendations.scaled(autoscaler(behavior), "n/h", { from: 4, to: 6, now: 0 });
  assert.equal(recommendations.judge(autoscaler(behavior), wish(6, 10, 30_000)).replicas, 6);
  assert.equal(recommendations.judge(autoscaler(behavior), wish(6, 10, 61_000)).replicas, 8);
});

test("a direction that is disabled stays where it is", () => {
  const scaleDown = { selectPolicy: "Disabled", stabilizationWindowSeconds: 0 } as const;
  const behavior = { scaleUp: { policies: [] }, scaleDown };
  const recommendations = new Recommendations();
  recommendations.begin("n/h", 6, -10 * minute);
  assert.equal(recommendations.judge(autoscaler(behavior), wish(6, 1, 0)).replicas, 6);
});
