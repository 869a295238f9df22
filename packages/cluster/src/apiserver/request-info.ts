/** What a path and method ask for. */
export type RequestInfo = ResourceInfo | PathInfo;

export interface ResourceInfo {
  readonly kind: "resource";
  readonly verb: ResourceVerb;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Empty: the object itself. What follows the subresource (`proxy/healthz`) is `rest`. */
  readonly subresource: string;
  readonly rest: string;
  /** Empty for kinds without and for lists over all. */
  readonly namespace: string;
  /** Empty for collections. */
  readonly name: string;
}

export type ResourceVerb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection"
  | "none";

export interface PathInfo {
  readonly kind: "path";
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

/** Subresources of namespaces; everything else after a namespace's name is a kind of objects in it. */
const namespaceSubresources = new Set(["status", "finalize"]);

export function requestInfoOf(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = partsOf(path);
  // `/api/v1/…`, `/apis/apps/v1/…`
  const isCore = parts[0] === "api";
  const versionAt = isCore ? 1 : 2;
  // The old form `/api/v1/watch/pods`.
  const isWatchPath = parts[versionAt + 1] === "watch" && parts.length > versionAt + 2;
  const place = placeOf(parts, versionAt + (isWatchPath ? 2 : 1));
  if ((!isCore && parts[0] !== "apis") || place.plural === "")
    return { kind: "path", verb: method.toLowerCase(), path };
  return {
    kind: "resource",
    verb: isWatchPath ? watchVerbOf(method) : verbOf(method, place.name === "", query),
    group: isCore ? "" : (parts[1] ?? ""),
    version: parts[versionAt] ?? "",
    ...place,
  };
}

function watchVerbOf(method: string): ResourceVerb {
  return method === "GET" || method === "HEAD" ? "watch" : "none";
}

function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) if (part !== "") parts.push(decoded(part));
  return parts;
}

type Place = Pick<ResourceInfo, "namespace" | "plural" | "name" | "subresource" | "rest">;

/** What the parts say from this one on. */
function placeOf(parts: readonly string[], start: number): Place {
  const isInNamespace =
    parts[start] === "namespaces" && parts.length >= start + 3 && !namespaceSubresources.has(parts[start + 2] ?? "");
  const at = isInNamespace ? start + 2 : start;
  const plural = parts[at] ?? "";
  const name = parts[at + 1] ?? "";
  return {
    namespace: isInNamespace ? (parts[start + 1] ?? "") : plural === "namespaces" ? name : "",
    plural,
    name,
    subresource: parts[at + 2] ?? "",
    rest: parts.length > at + 3 ? parts.slice(at + 3).join("/") : "",
  };
}

function verbOf(method: string, isCollection: boolean, query: URLSearchParams): ResourceVerb {
  switch (method) {
    case "GET":
    case "HEAD":
      if (!isCollection) return "get";
      return isTrue(query.get("watch")) ? "watch" : "list";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return isCollection ? "deletecollection" : "delete";
    default:
      return "none";
  }
}

export function isTrue(text: string | null): boolean {
  return text !== null && !["0", "false"].includes(text.toLowerCase());
}

function decoded(part: string): string {
  if (!part.includes("%")) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
