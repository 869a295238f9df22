import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";
import { formOf } from "../apiserver/negotiate.ts";
import { requestInfoOf } from "../apiserver/request-info.ts";
import { answerStatus, answerValue } from "../apiserver/respond.ts";
import { labelSelection } from "../apiserver/selectors.ts";
import { ApiError, methodNotAllowed, noSuchResource, notFound } from "../apiserver/status.ts";
import type { RemoteVersion } from "../discovery/index.ts";

/** Who knows what nodes and pods use: the kubelet, once it runs. */
export interface MetricsSource {
  readonly nodeMetrics: () => Measured;
  readonly podMetrics: () => Promise<readonly Measured[]>;
}

interface Measured {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export const metricsGroup = "metrics.k8s.io";
const version = "v1beta1";
const apiVersion = `${metricsGroup}/${version}`;
const verbs = ["get", "list"];

/** What `kubectl top` and autoscalers ask, and a metrics server answers elsewhere. */
export interface MetricsApi {
  readonly answer: (request: ApiRequest) => Promise<ApiResponse>;
  /** For discovery; none as long as nobody measures. */
  readonly served: () => readonly RemoteVersion[];
}

export function metricsApi(source: () => MetricsSource | undefined): MetricsApi {
  const versions: readonly RemoteVersion[] = [
    {
      group: metricsGroup,
      version,
      groupPriority: 100,
      versionPriority: 100,
      resources: [
        { name: "nodes", singularName: "", namespaced: false, kind: "NodeMetrics", verbs },
        { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs },
      ],
    },
  ];
  const none: readonly RemoteVersion[] = [];
  return {
    served: () => (source() ? versions : none),
    answer: async (request) => {
      try {
        return answerValue(await measured(source(), request), { status: 200, form: formOf(request, "outcome") });
      } catch (error) {
        if (error instanceof ApiError) return answerStatus(request, error.status);
        throw error;
      }
    },
  };
}

async function measured(source: MetricsSource | undefined, request: ApiRequest): Promise<unknown> {
  const info = requestInfoOf(request.method, request.path, request.query);
  if (!source || info.kind !== "resource" || info.subresource !== "") throw noSuchResource();
  if (info.verb !== "get" && info.verb !== "list") throw methodNotAllowed();
  const { kind, all } = await membersOf(source, info.plural);
  const isInPlace = ({ metadata }: Measured): boolean =>
    info.namespace === "" || info.plural === "nodes" || metadata.namespace === info.namespace;
  const here = all.filter(isInPlace);
  if (info.verb === "get") {
    const one = here.find(({ metadata }) => metadata.name === info.name);
    if (!one) throw notFound({ group: metricsGroup, plural: info.plural }, info.name);
    return { kind, apiVersion, ...one };
  }
  const isSelected = labelSelection(request.query.get("labelSelector") ?? "");
  const items = here.filter(({ metadata }) => isSelected(metadata.labels ?? {}));
  return { kind: `${kind}List`, apiVersion, metadata: {}, items };
}

async function membersOf(
  source: MetricsSource,
  plural: string,
): Promise<{ readonly kind: string; readonly all: readonly Measured[] }> {
  switch (plural) {
    case "nodes":
      return { kind: "NodeMetrics", all: [source.nodeMetrics()] };
    case "pods":
      return { kind: "PodMetrics", all: await source.podMetrics() };
    default:
      throw noSuchResource();
  }
}
