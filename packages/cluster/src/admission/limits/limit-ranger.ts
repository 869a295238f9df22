import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { Amounts, Container, PodObject } from "../pod-shape.ts";
import { isAbout, refused, together } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { aboveMaximum, aboveRatio, aboveRequested, belowMinimum, type Wanted } from "./constraints.ts";
import { totalOf } from "./pod-totals.ts";

interface LimitRange extends KubeObject {
  spec?: { readonly limits?: readonly Limit[] };
}

interface Limit {
  readonly type: string;
  readonly min?: Amounts;
  readonly max?: Amounts;
  readonly default?: Amounts;
  readonly defaultRequest?: Amounts;
  readonly maxLimitRequestRatio?: Amounts;
}

/** The limit ranges of a namespace: what containers get that say nothing, and what nobody may ask for. */
export function limitRanger(objects: StoredObjects): {
  readonly mutate: AdmissionStep;
  readonly validate: AdmissionStep;
} {
  return {
    mutate: (request) => {
      if (!isLimited(request) || request.kind.plural !== "pods") return;
      for (const range of objects.list<LimitRange>("limitranges", request.namespace))
        fillIn(request.object as PodObject, range);
    },
    validate: (request) => {
      if (!isLimited(request)) return;
      for (const range of objects.list<LimitRange>("limitranges", request.namespace)) {
        const faults = (range.spec?.limits ?? []).flatMap((limit) => faultsOf(request, limit));
        if (faults.length > 0) throw refused(request, together(faults));
      }
    },
  };
}

function isLimited(request: AdmissionRequest): boolean {
  const { operation, subresource, kind, old, object } = request;
  if (!object || old?.metadata.deletionTimestamp !== undefined) return false;
  if (isAbout(request, "persistentvolumeclaims")) return operation === "CREATE" || operation === "UPDATE";
  if (kind.plural !== "pods" || kind.group !== "") return false;
  return operation === "CREATE" ? subresource === "" : operation === "UPDATE" && subresource === "resize";
}

function fillIn(pod: PodObject, { spec }: LimitRange): void {
  const ofContainers = (spec?.limits ?? []).filter(({ type }) => type === "Container");
  const requests = Object.assign({}, ...ofContainers.map(({ defaultRequest }) => defaultRequest ?? {})) as Amounts;
  const limits = Object.assign({}, ...ofContainers.map((limit) => limit.default ?? {})) as Amounts;
  const told = [
    ...(pod.spec.containers ?? []).flatMap((each) => fillContainer(each, "container", { requests, limits })),
    ...(pod.spec.initContainers ?? []).flatMap((each) => fillContainer(each, "init container", { requests, limits })),
  ];
  if (told.length === 0) return;
  const text = `LimitRanger plugin set: ${told.join("; ")}`;
  pod.metadata.annotations = { ...pod.metadata.annotations, "kubernetes.io/limit-ranger": text };
}

function fillContainer(
  container: Container,
  what: string,
  defaults: { readonly requests: Amounts; readonly limits: Amounts },
): readonly string[] {
  const resources = { ...container.resources };
  const told = (["requests", "limits"] as const).flatMap((side) => {
    const missing = Object.keys(defaults[side]).filter((name) => !Object.hasOwn(resources[side] ?? {}, name));
    if (missing.length === 0) return [];
    resources[side] = {
      ...resources[side],
      ...Object.fromEntries(missing.map((name) => [name, defaults[side][name] ?? "0"])),
    };
    return [
      `${missing.toSorted().join(", ")} ${side === "requests" ? "request" : "limit"} for ${what} ${container.name}`,
    ];
  });
  if (told.length > 0) container.resources = resources;
  return told;
}

function faultsOf({ kind, object }: AdmissionRequest, limit: Limit): readonly string[] {
  const { type } = limit;
  if (kind.plural === "persistentvolumeclaims")
    return type === "PersistentVolumeClaim" ? faultsOfClaim(object as unknown as Claim, limit) : [];
  const { spec } = object as PodObject;
  if (type === "Pod")
    return faultsOfAmounts({ requests: totalOf(spec, "requests"), limits: totalOf(spec, "limits") }, limit);
  if (type !== "Container") return [];
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    faultsOfAmounts({ requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }, limit),
  );
}

interface Claim {
  readonly spec?: { readonly resources?: { readonly requests?: Amounts } };
}

function faultsOfClaim({ spec }: Claim, limit: Limit): readonly string[] {
  const wanted = { requests: spec?.resources?.requests ?? {}, limits: {} };
  return [...checked(limit.min, limit, wanted, belowMinimum), ...checked(limit.max, limit, wanted, aboveRequested)];
}

function faultsOfAmounts(wanted: Wanted, limit: Limit): readonly string[] {
  return [
    ...checked(limit.min, limit, wanted, belowMinimum),
    ...checked(limit.max, limit, wanted, aboveMaximum),
    ...checked(limit.maxLimitRequestRatio, limit, wanted, aboveRatio),
  ];
}

type Check = (
  what: { readonly type: string; readonly resource: string; readonly bound: string },
  wanted: Wanted,
) => string | undefined;

function checked(bounds: Amounts | undefined, { type }: Limit, wanted: Wanted, check: Check): readonly string[] {
  return Object.entries(bounds ?? {}).flatMap(([resource, bound]) => check({ type, resource, bound }, wanted) ?? []);
}
