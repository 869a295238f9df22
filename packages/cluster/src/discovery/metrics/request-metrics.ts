import type { ApiRequest, ApiResponse } from "../../api/api-exchange.ts";
import type { RequestInfo } from "../../apiserver/request-info.ts";
import { Histogram, labelsText, type Family, type Labels, type Sample } from "./prometheus.ts";

export interface RequestMetrics {
  /** Counts what is answered to a request, and for how long somebody watches. */
  readonly measured: (request: ApiRequest, info: RequestInfo, answer: Promise<ApiResponse>) => Promise<ApiResponse>;
  readonly families: readonly Family[];
}

interface Asked {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
}

/** Seconds and bytes: the bounds that dashboards for Kubernetes expect. */
const durationBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const sizeBounds = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/** Paths that are told apart; the others could be any number. */
const knownPaths = /^\/(?:healthz|livez|readyz|metrics|version|openapi\/v[23]|api|apis|$)/u;
const verbs: Readonly<Record<string, string>> = { create: "POST", update: "PUT", none: "OPTIONS" };

interface Series {
  readonly duration: Histogram;
  readonly size: Histogram;
  readonly counts: Map<number, number>;
  readonly labels: Labels;
  inFlight: number;
}

export function createRequestMetrics(now: () => number): RequestMetrics {
  const series = new Map<string, Series>();
  const inFlight = { readOnly: 0, mutating: 0 };
  const measured: RequestMetrics["measured"] = async (request, info, answer) => {
    const begun = now();
    const one = seriesOf(series, { request, info });
    const kind = isReading(request.method) ? "readOnly" : "mutating";
    one.inFlight++;
    inFlight[kind]++;
    const done = (status: number, bytes: number): void => {
      one.inFlight--;
      one.counts.set(status, (one.counts.get(status) ?? 0) + 1);
      one.duration.observe((now() - begun) / 1_000);
      if (bytes > 0) one.size.observe(bytes);
    };
    try {
      const response = await answer;
      if (response.kind === "stream") return { ...response, chunks: watched(response, done) };
      if (response.kind === "upgrade") done(101, 0);
      else done(response.status, response.body.length);
      return response;
    } finally {
      inFlight[kind]--;
    }
  };
  return { measured, families: familiesOf(series, inFlight) };
}

/** Says when it is over, and stands in the way of nothing before. */
function watched(
  { chunks, status }: Extract<ApiResponse, { kind: "stream" }>,
  done: (status: number, bytes: number) => void,
): AsyncIterable<Buffer | string> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = chunks[Symbol.asyncIterator]();
      let isDone = false;
      const end = (): void => {
        if (!isDone) done(status, 0);
        isDone = true;
      };
      return {
        next: async () => {
          const result = await iterator.next();
          if (result.done === true) end();
          return result;
        },
        return: async (value?: unknown) => {
          end();
          return (await iterator.return?.(value)) ?? { done: true, value: undefined };
        },
      };
    },
  };
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function seriesOf(series: Map<string, Series>, asked: Asked): Series {
  const key = keyOf(asked);
  const known = series.get(key);
  if (known) return known;
  const labels = labelsOf(asked);
  const made: Series = {
    labels,
    duration: new Histogram(durationBounds),
    size: new Histogram(sizeBounds),
    counts: new Map(),
    inFlight: 0,
  };
  series.set(key, made);
  return made;
}

function keyOf({ request, info }: Asked): string {
  if (info.kind === "path") return `${info.verb} ${pathOf(info.path)}`;
  const scope = info.name !== "" ? "r" : info.namespace !== "" ? "n" : "c";
  const apply = isApply(request) ? "a" : "";
  const dry = request.query.has("dryRun") ? "d" : "";
  return `${info.verb}${apply}${dry} ${scope} ${info.group}/${info.version}/${info.plural}/${info.subresource}`;
}

function labelsOf({ request, info }: Asked): Labels {
  if (info.kind === "path") {
    const nowhere = { component: "", dry_run: "", group: "", resource: "", scope: "", version: "" };
    return { ...nowhere, subresource: pathOf(info.path), verb: info.verb.toUpperCase() };
  }
  return {
    component: "apiserver",
    dry_run: request.query.get("dryRun") ?? "",
    group: info.group,
    version: info.version,
    resource: info.plural,
    subresource: info.subresource,
    scope: info.name !== "" ? "resource" : info.namespace !== "" ? "namespace" : "cluster",
    verb: isApply(request) ? "APPLY" : (verbs[info.verb] ?? info.verb.toUpperCase()),
  };
}

function pathOf(path: string): string {
  return knownPaths.exec(path)?.[0] ?? "";
}

function isApply({ method, headers }: ApiRequest): boolean {
  return method === "PATCH" && (headers["content-type"] ?? "").startsWith("application/apply-patch");
}

function familiesOf(
  series: ReadonlyMap<string, Series>,
  inFlight: { readonly readOnly: number; readonly mutating: number },
): readonly Family[] {
  const without = (labels: Labels): string =>
    labelsText(Object.fromEntries(Object.entries(labels).filter(([name]) => name !== "dry_run")));
  return [
    {
      name: "apiserver_request_total",
      type: "counter",
      help: "Requests by verb, dry run, group, version, resource, scope, component and status.",
      samples: function* () {
        for (const { labels, counts } of series.values())
          for (const [code, value] of counts) yield { labels: labelsText({ ...labels, code: String(code) }), value };
      },
    },
    {
      name: "apiserver_request_duration_seconds",
      type: "histogram",
      help: "How long requests took.",
      samples: () => all(series, ({ duration, labels }) => duration.samples(labelsText(labels))),
    },
    {
      name: "apiserver_response_sizes",
      type: "histogram",
      help: "How large answers were, in bytes.",
      samples: () => all(series, ({ size, labels }) => size.samples(without(labels))),
    },
    {
      name: "apiserver_longrunning_requests",
      type: "gauge",
      help: "Requests that are being answered for a long time, such as watches.",
      samples: () =>
        all(series, ({ labels, inFlight: value }) =>
          labels["verb"] === "WATCH" ? [{ labels: without(labels), value }] : [],
        ),
    },
    {
      name: "apiserver_current_inflight_requests",
      type: "gauge",
      help: "Requests that are being worked on.",
      samples: () =>
        Object.entries(inFlight).map(([kind, value]) => ({ labels: labelsText({ request_kind: kind }), value })),
    },
  ];
}

function* all(series: ReadonlyMap<string, Series>, samplesOf: (one: Series) => Iterable<Sample>): Generator<Sample> {
  for (const one of series.values()) yield* samplesOf(one);
}
