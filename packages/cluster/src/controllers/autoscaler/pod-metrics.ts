import { fromTimestamp, messageOf, ApiError } from "../../loop/index.ts";
import type { Api } from "../../loop/index.ts";
import { parseGoDuration } from "../../object/go-duration.ts";
import { milliValue, parseQuantity } from "../../model/quantity.ts";

/** What a pod used in a stretch of time. */
export interface PodMetric {
  /** Thousandths. */
  readonly value: number;
  readonly atMs: number;
  readonly windowMs: number;
}

export interface MetricsQuery {
  readonly resource: string;
  readonly namespace: string;
  readonly selector: string;
  /** Of this container alone. */
  readonly container?: string;
}

interface PodMetricsItem {
  readonly metadata: { readonly name: string };
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly name: string; readonly usage?: Readonly<Record<string, string>> }[];
}

/** The usage of pods, by their names. Throws in the words of Kubernetes when there is none. */
export async function readPodMetrics(api: Api, query: MetricsQuery): Promise<Map<string, PodMetric>> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${query.namespace}/pods`;
  const answer = await api.client.request({ method: "GET", path, query: { labelSelector: query.selector } });
  if (answer.status !== 200) {
    const words =
      answer.status === 404
        ? "the server could not find the requested resource (get pods.metrics.k8s.io)"
        : messageOf(new ApiError(`GET ${path}`, answer.status, answer.body));
    throw new Error(`unable to fetch metrics from resource metrics API: ${words}`);
  }
  const { items = [] } = answer.body as { items?: readonly PodMetricsItem[] };
  if (items.length === 0) throw new Error("no metrics returned from resource metrics API");
  const metrics = new Map<string, PodMetric>();
  for (const item of items) {
    const value = usageOf(item, query);
    if (value === undefined) continue;
    const windowMs = (parseGoDuration(item.window ?? "0") ?? 0) * 1000;
    metrics.set(item.metadata.name, { value, atMs: fromTimestamp(item.timestamp), windowMs });
  }
  return metrics;
}

/** Undefined when any container's is missing: a part would be taken for all of it. */
function usageOf({ containers = [] }: PodMetricsItem, { resource, container }: MetricsQuery): number | undefined {
  const chosen = container === undefined ? containers : containers.filter(({ name }) => name === container);
  if (chosen.length === 0) return undefined;
  let total = 0;
  for (const { usage } of chosen) {
    const text = usage?.[resource];
    if (text === undefined) return undefined;
    total += milliValue(parseQuantity(text));
  }
  return total;
}
