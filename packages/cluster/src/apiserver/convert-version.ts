import type { KubeObject } from "../object/kube-object.ts";

/** The object in another version of its kind. Most kinds have one version, whose objects stay as they are. */
export function convertVersion(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const convert = conversions[`${object.kind}: ${object.apiVersion} -> ${apiVersion}`];
  return { ...(convert ? convert(object) : object), apiVersion };
}

type Fields = Record<string, unknown>;

const conversions: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  "HorizontalPodAutoscaler: autoscaling/v1 -> autoscaling/v2": (object) => {
    const { targetCPUUtilizationPercentage: percentage, ...spec } = fields(object["spec"]);
    const { currentCPUUtilizationPercentage: current, ...status } = fields(object["status"]);
    const metrics =
      percentage === undefined ? [] : [cpu("target", { type: "Utilization", averageUtilization: percentage })];
    const currentMetrics = current === undefined ? null : [cpu("current", { averageUtilization: current })];
    return {
      ...object,
      spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}) },
      status: { ...status, currentMetrics },
    };
  },
  "HorizontalPodAutoscaler: autoscaling/v2 -> autoscaling/v1": (object) => {
    const { metrics, behavior: _, ...spec } = fields(object["spec"]);
    const { currentMetrics, conditions: __, ...status } = fields(object["status"]);
    const target = averageOf(metrics, "target");
    const current = averageOf(currentMetrics, "current");
    return {
      ...object,
      spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
      status: { ...status, ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }) },
    };
  },
  "Event: events.k8s.io/v1 -> v1": (object) => {
    const {
      regarding,
      related,
      note,
      deprecatedSource,
      deprecatedFirstTimestamp,
      deprecatedLastTimestamp,
      deprecatedCount,
      ...rest
    } = object;
    const { reportingController, reportingInstance, ...same } = rest;
    return {
      ...same,
      involvedObject: regarding ?? {},
      ...(related === undefined ? {} : { related }),
      ...(note === undefined ? {} : { message: note }),
      source: deprecatedSource ?? {},
      firstTimestamp: deprecatedFirstTimestamp ?? null,
      lastTimestamp: deprecatedLastTimestamp ?? null,
      ...(deprecatedCount === undefined ? {} : { count: deprecatedCount }),
      reportingComponent: reportingController ?? "",
      reportingInstance: reportingInstance ?? "",
    };
  },
  "Event: v1 -> events.k8s.io/v1": (object) => {
    const {
      involvedObject,
      related,
      message,
      source,
      firstTimestamp,
      lastTimestamp,
      count,
      reportingComponent,
      ...same
    } = object;
    return {
      ...same,
      regarding: involvedObject ?? {},
      ...(related === undefined ? {} : { related }),
      ...(message === undefined ? {} : { note: message }),
      deprecatedSource: source ?? {},
      deprecatedFirstTimestamp: firstTimestamp ?? null,
      deprecatedLastTimestamp: lastTimestamp ?? null,
      ...(count === undefined ? {} : { deprecatedCount: count }),
      ...(reportingComponent === "" || reportingComponent === undefined
        ? {}
        : { reportingController: reportingComponent }),
    };
  },
};

function cpu(part: "target" | "current", value: Fields): Fields {
  return { type: "Resource", resource: { name: "cpu", [part]: value } };
}

function averageOf(metrics: unknown, part: "target" | "current"): unknown {
  const list: readonly Fields[] = Array.isArray(metrics) ? metrics : [];
  const found = list.map((metric) => fields(metric["resource"])).find(({ name }) => name === "cpu");
  return found && fields(found[part])["averageUtilization"];
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
