import type {
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from "../../schema/data/types/autoscaling-v2.ts";

const SHOWN_MAX = 2;
const UNKNOWN = "<unknown>";

/** What an autoscaler looks at, and what it sees: `cpu: 12%/80%`. */
export function metricsText(specs: readonly MetricSpec[] = [], statuses: readonly MetricStatus[] | null = []): string {
  if (specs.length === 0) return "<none>";
  const list = specs.map((spec, index) => metricText(spec, statuses?.[index]));
  const shown = list.slice(0, SHOWN_MAX).join(", ");
  return list.length > SHOWN_MAX ? `${shown} + ${list.length - SHOWN_MAX} more...` : shown;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case "External":
      return averageOrValue(spec.external?.target, status?.external?.current);
    case "Object":
      return averageOrValue(spec.object?.target, status?.object?.current);
    case "Pods":
      return `${status?.pods?.current.averageValue ?? UNKNOWN}/${spec.pods?.target.averageValue ?? "0"}`;
    case "Resource":
      return resourceText(spec.resource, status?.resource);
    case "ContainerResource":
      return resourceText(spec.containerResource, status?.containerResource);
    default:
      return "<unknown type>";
  }
}

function averageOrValue(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
  return `${current?.value ?? UNKNOWN}/${target?.value ?? "0"}`;
}

function resourceText(
  spec: { readonly name: string; readonly target: MetricTarget } | undefined,
  status: { readonly current: MetricValueStatus } | undefined,
): string {
  const { name = "", target } = spec ?? {};
  if (target?.averageValue !== undefined)
    return `${name}: ${status?.current.averageValue ?? UNKNOWN}/${target.averageValue}`;
  const used = status?.current.averageUtilization;
  const wanted = target?.averageUtilization;
  return `${name}: ${used === undefined ? UNKNOWN : `${used}%`}/${wanted === undefined ? "<auto>" : `${wanted}%`}`;
}
