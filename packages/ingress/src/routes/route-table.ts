import type { IngressBackend, IngressObject } from "../cluster/cluster-objects.ts";
import { hostsCovering } from "./host-match.ts";
import { comparePaths, covers } from "./path-match.ts";
import type { PathRule } from "./path-match.ts";

/** Where a request goes. */
export interface Route {
  readonly rule: PathRule;
  readonly target: RouteTarget;
}

export interface RouteTarget {
  readonly namespace: string;
  /** The Ingress that says so, for messages. */
  readonly ingress: string;
  readonly backend: IngressBackend;
}

/** The rules of all Ingresses, by host. */
export interface RouteTable {
  readonly find: (host: string, path: string) => RouteTarget | undefined;
  /** The hosts that have rules, for messages; `*` when there are rules for any. */
  readonly hosts: readonly string[];
}

/** Of two rules that say the same the older Ingress wins, as with other controllers. */
export function buildRouteTable(ingresses: readonly IngressObject[]): RouteTable {
  const byHost = new Map<string, Route[]>();
  const fallbacks = new Map<string, RouteTarget>();
  for (const ingress of [...ingresses].sort(compareAge)) {
    const { namespace = "default", name = "" } = ingress.metadata;
    const targetOf = (backend: IngressBackend): RouteTarget => ({
      namespace,
      ingress: `${namespace}/${name}`,
      backend,
    });
    const { rules = [], defaultBackend } = ingress.spec ?? {};
    for (const { host = "", http } of rules) {
      const key = host.toLowerCase();
      const routes = byHost.get(key) ?? [];
      byHost.set(key, routes);
      for (const { path = "", pathType, backend } of http?.paths ?? []) {
        const kind = pathType === "Exact" ? "exact" : "prefix";
        routes.push({ rule: { kind, path: path === "" ? "/" : path }, target: targetOf(backend) });
      }
    }
    if (defaultBackend === undefined) continue;
    // Of an Ingress with rules it is for the hosts of these rules first.
    for (const host of ["", ...rules.map((each) => (each.host ?? "").toLowerCase())]) {
      if (!fallbacks.has(host)) fallbacks.set(host, targetOf(defaultBackend));
    }
  }
  for (const routes of byHost.values()) routes.sort((left, right) => comparePaths(left.rule, right.rule));
  return {
    hosts: [...new Set([...byHost.keys(), ...fallbacks.keys()])].map((host) => (host === "" ? "*" : host)).sort(),
    find: (host, path) => {
      const hosts = hostsCovering(host);
      for (const each of hosts) {
        const route = byHost.get(each)?.find(({ rule }) => covers(rule, path));
        if (route !== undefined) return route.target;
      }
      for (const each of hosts) {
        const target = fallbacks.get(each);
        if (target !== undefined) return target;
      }
      return undefined;
    },
  };
}

function compareAge(left: IngressObject, right: IngressObject): number {
  const keyOf = ({ metadata }: IngressObject): string =>
    `${metadata.creationTimestamp ?? ""} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  const [leftKey, rightKey] = [keyOf(left), keyOf(right)];
  return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0;
}
