import type { JsonObject } from "../object/json-value.ts";
import type { ServedGroup, ServedVersion } from "./groups.ts";
import type { ServedResource, ServedSubresource } from "./resources.ts";

export function groupList(groups: readonly ServedGroup[]): JsonObject {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groups.filter(({ name }) => name !== "").map(groupEntry),
  };
}

export function groupDocument(group: ServedGroup): JsonObject {
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group) };
}

function groupEntry({ name, versions }: ServedGroup): JsonObject {
  const entries = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] ?? {} };
}

/** Of the core group, which is older than groups. */
export function coreVersions(group: ServedGroup | undefined, serverAddress: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: (group?.versions ?? []).map(({ version }) => version),
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

export function resourceList(group: string, { version, resources }: ServedVersion): JsonObject {
  return {
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: group === "" ? version : `${group}/${version}`,
    resources: resources.flatMap((resource) => resourceEntries(resource, { group, version })),
  };
}

interface Place {
  readonly group: string;
  readonly version: string;
}

function resourceEntries(resource: ServedResource, place: Place): readonly JsonObject[] {
  const { name, singularName, namespaced, storageVersionHash } = resource;
  const whole = {
    name,
    singularName,
    namespaced,
    ...kindEntry(resource, place),
    verbs: resource.verbs,
    ...namesEntry(resource),
    ...(storageVersionHash === undefined ? {} : { storageVersionHash }),
  };
  const parts = resource.subresources.map((part) => ({
    name: `${name}/${part.name}`,
    singularName: "",
    namespaced,
    ...kindEntry(part, place),
    verbs: part.verbs,
  }));
  return [whole, ...parts];
}

/** Says the group and version of kinds from elsewhere only. */
function kindEntry({ kind: { group, version, kind } }: ServedSubresource, place: Place): JsonObject {
  const isElsewhere =
    group !== undefined && version !== undefined && (group !== place.group || version !== place.version);
  return isElsewhere ? { group, version, kind } : { kind };
}

function namesEntry({ shortNames, categories }: ServedResource): JsonObject {
  return {
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

/** Everything in one document. The core group has one of its own. */
export function aggregatedList(groups: readonly ServedGroup[]): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === "" ? {} : { name },
      versions: versions.map(({ version, resources, freshness }) => ({
        version,
        ...(resources.length === 0 ? {} : { resources: resources.map(aggregatedResource) }),
        freshness,
      })),
    })),
  };
}

function aggregatedResource(resource: ServedResource): JsonObject {
  const { name, namespaced, singularName, verbs, subresources } = resource;
  return {
    resource: name,
    responseKind: responseKind(resource),
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singularName,
    verbs,
    ...namesEntry(resource),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((part) => ({
            subresource: part.name,
            responseKind: responseKind(part),
            verbs: part.verbs,
          })),
        }),
  };
}

function responseKind({ kind: { group = "", version = "", kind } }: ServedSubresource): JsonObject {
  return { group, version, kind };
}
