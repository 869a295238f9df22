import { apiVersionOf, type Kind, type KindRegistry } from "../kinds/index.ts";
import { goPackageOf } from "./go-package.ts";
import { badRequest } from "./status.ts";

/** Known in every version of every group. */
const everywhere = new Set([
  "WatchEvent",
  "ListOptions",
  "GetOptions",
  "DeleteOptions",
  "CreateOptions",
  "UpdateOptions",
  "PatchOptions",
]);
const inCore = new Set(["List", "Status", "APIVersions", "APIGroupList", "APIGroup", "APIResourceList"]);
/** Versions of built-in groups that are no longer served, and known all the same. */
const former: Readonly<Record<string, readonly string[]>> = {
  "admissionregistration.k8s.io": ["v1alpha1", "v1beta1"],
  apps: ["v1beta1", "v1beta2"],
  batch: ["v1beta1"],
  "certificates.k8s.io": ["v1alpha1", "v1beta1"],
  "coordination.k8s.io": ["v1beta1"],
  "discovery.k8s.io": ["v1beta1"],
  "events.k8s.io": ["v1beta1"],
  "networking.k8s.io": ["v1beta1"],
  "node.k8s.io": ["v1alpha1", "v1beta1"],
  policy: ["v1beta1"],
  "rbac.authorization.k8s.io": ["v1alpha1", "v1beta1"],
  "scheduling.k8s.io": ["v1alpha1", "v1beta1"],
  "storage.k8s.io": ["v1alpha1", "v1beta1"],
};

/** Served by others, who know of nothing else. */
const apart = new Set(["apiextensions.k8s.io", "apiregistration.k8s.io"]);

interface Said {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}

/** Refuses what says that it is of another kind than the built-in one that it is sent to; another version of the same may pass. */
export function checkRegistered(kinds: KindRegistry, kind: Kind, said: Said): void {
  const apiVersion = (said.apiVersion ?? "") === "" ? apiVersionOf(kind) : String(said.apiVersion);
  const name = (said.kind ?? "") === "" ? kind.kind : String(said.kind);
  if (name === kind.kind && apiVersion === apiVersionOf(kind)) return;
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const inner = goPackageOf(kind.group);
  const current = former[group]?.includes(version) ? `${group}/v1` : apiVersion;
  const isKnown =
    isRegistered(kinds, { apiVersion: current, name }) && (!apart.has(kind.group) || group === kind.group);
  if (isKnown && name === kind.kind && goPackageOf(group) === inner) return;
  const why = isKnown
    ? `converting (${version}.${name}) to (${inner}.${kind.kind}): unknown conversion`
    : `no kind "${name}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  throw badRequest(`${name} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`);
}

function isRegistered(kinds: KindRegistry, { apiVersion, name }: { apiVersion: string; name: string }): boolean {
  const isBuiltIn = (each: string): boolean => {
    const found = kinds.byKind(apiVersion, each);
    return found !== undefined && !found.custom;
  };
  if (isBuiltIn(name) || (name.endsWith("List") && isBuiltIn(name.slice(0, -"List".length)))) return true;
  if (apiVersion === "v1" && inCore.has(name)) return true;
  if (apiVersion === "autoscaling/v1" && name === "Scale") return true;
  return everywhere.has(name) && kinds.all().some((each) => !each.custom && apiVersionOf(each) === apiVersion);
}
