import { createHash } from "node:crypto";
import { encode } from "@fairway/yaml";
import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { JsonObject } from "../object/json-value.ts";
import { encodeEnveloped, protobufType } from "../protobuf/index.ts";
import { aggregatedList, coreVersions, groupDocument, groupList, resourceList } from "./documents.ts";
import { servedGroups, type RemoteVersion, type ServedGroup } from "./groups.ts";
import { discoveryForm, type DiscoveryForm } from "./negotiate.ts";

export interface DiscoverySources {
  readonly kinds: KindRegistry;
  /** The same list as long as nothing has changed. */
  readonly remote: () => readonly RemoteVersion[];
  /** Where clients from anywhere reach the server: `127.0.0.1:6443`. */
  readonly serverAddress: () => string;
}

interface Built {
  readonly groups: readonly ServedGroup[];
  /** Written out, by path and form. */
  readonly texts: Map<string, WrittenDocument>;
}

interface WrittenDocument {
  readonly body: string | Buffer;
  readonly etag: string;
}

export interface Discovery {
  readonly groups: () => readonly ServedGroup[];
  /** `/api`, `/apis`, `/apis/apps`, `/apis/apps/v1`: whatever else, undefined. */
  readonly answer: (request: ApiRequest, path: string) => ApiResponse | undefined;
}

/** Documents are built when they are first asked for, and again after kinds have come or gone. */
export function createDiscovery(sources: DiscoverySources): Discovery {
  let seen: { readonly kinds: unknown; readonly remote: unknown; readonly built: Built } | undefined;
  const built = (): Built => {
    const [kinds, remote] = [sources.kinds.all(), sources.remote()];
    if (seen?.kinds !== kinds || seen.remote !== remote)
      seen = { kinds, remote, built: { groups: servedGroups(sources.kinds, remote), texts: new Map() } };
    return seen.built;
  };
  return {
    groups: () => built().groups,
    answer: (request, path) => {
      const parts = path.split("/").filter((part) => part !== "");
      const { groups, texts } = built();
      const place = placeOf(parts, groups);
      if (!place) return undefined;
      const form = discoveryForm(request, place);
      const key = `${form.as} ${form.type} ${String(form.isPretty)} ${parts.join("/")}`;
      const known = texts.get(key) ?? written(place.document(form, sources.serverAddress()), form);
      texts.set(key, known);
      return answered(request, form, known);
    },
  };
}

interface Place {
  readonly hasAggregated: boolean;
  readonly isRouted: boolean;
  readonly document: (form: DiscoveryForm, serverAddress: string) => JsonObject;
}

function placeOf([prefix, ...rest]: readonly string[], groups: readonly ServedGroup[]): Place | undefined {
  if (prefix !== "api" && prefix !== "apis") return undefined;
  const [name, version, ...more] = prefix === "api" ? ["", ...rest] : rest;
  if (more.length > 0) return undefined;
  const group = groups.find((each) => each.name === (name ?? ""));
  if (prefix === "apis" && name === undefined) return allGroups(groups);
  if (prefix === "api" && version === undefined) return coreGroup(group);
  if (!group || (prefix === "apis" && name === "")) return undefined;
  if (version === undefined) return { hasAggregated: false, isRouted: false, document: () => groupDocument(group) };
  const served = group.versions.find((each) => each.version === version);
  return served && { hasAggregated: false, isRouted: true, document: () => resourceList(group.name, served) };
}

function allGroups(groups: readonly ServedGroup[]): Place {
  const others = groups.filter((group) => group.name !== "");
  return {
    hasAggregated: true,
    isRouted: false,
    document: ({ as }) => (as === "aggregated" ? aggregatedList(others) : groupList(others)),
  };
}

function coreGroup(group: ServedGroup | undefined): Place {
  return {
    hasAggregated: true,
    isRouted: true,
    document: ({ as }, serverAddress) =>
      as === "aggregated" ? aggregatedList(group ? [group] : []) : coreVersions(group, serverAddress),
  };
}

function written(document: JsonObject, form: DiscoveryForm): WrittenDocument {
  const body = bodyOf(document, form);
  return { body, etag: `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"` };
}

function bodyOf(document: JsonObject, { type, isPretty }: DiscoveryForm): string | Buffer {
  if (type === "application/yaml") return encode(document);
  if (type === protobufType) return encodeEnveloped(document);
  return `${JSON.stringify(document, null, isPretty ? 2 : undefined)}\n`;
}

const aggregatedParameters = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

function answered({ headers, method }: ApiRequest, form: DiscoveryForm, { body, etag }: WrittenDocument): ApiResponse {
  if (form.as === "plain") {
    const own = { "content-type": form.type, "cache-control": "no-cache, private" };
    return { kind: "whole", status: 200, headers: own, body: method === "HEAD" ? "" : body };
  }
  const shared = { "cache-control": "public", etag, vary: "Accept" };
  if (headers["if-none-match"] === etag) return { kind: "whole", status: 304, headers: shared, body: "" };
  return {
    kind: "whole",
    status: 200,
    headers: { "content-type": `${form.type}${aggregatedParameters}`, ...shared },
    body,
  };
}
