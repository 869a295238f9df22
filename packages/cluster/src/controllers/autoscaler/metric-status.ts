import { messageOf } from "../../loop/index.ts";
import type { ControllerContext } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";
import { formatQuantity, parseQuantity, quantityOfMilli } from "../../model/quantity.ts";
import type { Autoscaler, MetricSpec, MetricTarget } from "./autoscaler-object.ts";
import { readPodMetrics } from "./pod-metrics.ts";
import { replicasForUtilization, replicasForValue } from "./replica-calculation.ts";
import type { Proposal, Tolerances } from "./replica-calculation.ts";

const defaultTolerance = 0.1;

export interface Target {
  readonly namespace: string;
  /** As a parameter of a list. */
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly current: number;
}

export type MetricResult =
  | { readonly kind: "measured"; readonly replicas: number; readonly name: string; readonly status: unknown }
  /** The message of the condition, and how the error goes on from there. */
  | { readonly kind: "failed"; readonly reason: string; readonly message: string; readonly error: string };

/** What one metric says how many there should be. */
export async function measure(
  context: ControllerContext,
  autoscaler: Autoscaler,
  metric: MetricSpec,
  target: Target,
): Promise<MetricResult> {
  const source = sourceOf(metric);
  try {
    if (source.kind === "foreign") throw new Error(source.message);
    const { resource, container } = source;
    const proposal = await propose(context, autoscaler, { ...source, target });
    const current = {
      ...(proposal.utilization === undefined ? {} : { averageUtilization: proposal.utilization }),
      averageValue: formatQuantity(quantityOfMilli(proposal.average), resource === "memory" ? "binary" : "decimal"),
    };
    const isShare = source.wanted.averageValue === undefined;
    const kind = container === undefined ? "resource" : isShare ? "container resource" : "resource";
    return {
      kind: "measured",
      replicas: proposal.replicas,
      name: isShare ? `${resource} ${kind} utilization (percentage of request)` : `${resource} resource`,
      status:
        container === undefined
          ? { type: metric.type, resource: { name: resource, current } }
          : { type: metric.type, containerResource: { name: resource, container, current } },
    };
  } catch (error) {
    const message = messageOf(error);
    return { kind: "failed", reason: source.reason, message, error: `${source.subject}: ${message}` };
  }
}

type Source =
  | {
      readonly kind: "usage";
      readonly resource: string;
      readonly container: string | undefined;
      readonly wanted: MetricTarget;
      readonly reason: string;
      readonly subject: string;
    }
  | { readonly kind: "foreign"; readonly message: string; readonly reason: string; readonly subject: string };

function sourceOf({ resource, containerResource, pods, object, external, type }: MetricSpec): Source {
  if (resource !== undefined) {
    const { name, target } = resource;
    const subject = `failed to get ${name} resource metric value`;
    const reason = "FailedGetResourceMetric";
    return { kind: "usage", resource: name, container: undefined, wanted: target, reason, subject };
  }
  if (containerResource !== undefined) {
    const { name, container, target } = containerResource;
    const subject = `failed to get ${container} container metric value`;
    return {
      kind: "usage",
      resource: name,
      container,
      wanted: target,
      reason: "FailedGetContainerResourceMetric",
      subject,
    };
  }
  // Whoever serves metrics of their own would do so under these groups; a cluster of ours has none.
  const custom =
    "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  if (external !== undefined) {
    const { name } = external.metric;
    const message = `unable to get external metric ${name}: no external metrics API (external.metrics.k8s.io) registered`;
    return {
      kind: "foreign",
      message,
      reason: "FailedGetExternalMetric",
      subject: `failed to get ${name} external metric value`,
    };
  }
  const name = (pods ?? object)?.metric.name ?? type;
  const kind = object === undefined ? "pods" : "object";
  return {
    kind: "foreign",
    message: `unable to get metric ${name}: ${custom}`,
    reason: object === undefined ? "FailedGetPodsMetric" : "FailedGetObjectMetric",
    subject: `failed to get ${kind} metric value`,
  };
}

interface Usage {
  readonly resource: string;
  readonly container: string | undefined;
  readonly wanted: MetricTarget;
  readonly target: Target;
}

async function propose(context: ControllerContext, autoscaler: Autoscaler, usage: Usage): Promise<Proposal> {
  const { resource, container, wanted, target } = usage;
  const { namespace, selector, pods, current } = target;
  const isShare = wanted.averageValue === undefined;
  try {
    const metrics = await readPodMetrics(context.api, {
      resource,
      namespace,
      selector,
      ...(container === undefined ? {} : { container }),
    }).catch((error: unknown) => {
      throw new Error(`unable to get metrics for resource ${resource}: ${messageOf(error)}`, { cause: error });
    });
    const tolerances = tolerancesOf(autoscaler);
    const measured = { pods, metrics, resource, container, current, tolerances, now: context.clock.now() };
    if (wanted.averageValue !== undefined) return replicasForValue(measured, wanted.averageValue);
    return replicasForUtilization(measured, wanted.averageUtilization ?? 80);
  } catch (error) {
    const what = isShare ? "utilization" : "usage";
    throw new Error(`failed to get ${resource} ${what}: ${messageOf(error)}`, { cause: error });
  }
}

function tolerancesOf({ spec }: Autoscaler): Tolerances {
  const read = (text: string | undefined) =>
    text === undefined ? defaultTolerance : Number(parseQuantity(text)) / 1e9;
  return { up: read(spec.behavior?.scaleUp?.tolerance), down: read(spec.behavior?.scaleDown?.tolerance) };
}
