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
  const raw = path.split("/").filter((part) => part !== "");
  const parts = path.includes("%") ? raw.map(decoded) : raw;
  const other: PathInfo = { kind: "path", verb: method.toLowerCase(), path };
  const [prefix, ...afterPrefix] = parts;
  const isCore = prefix === "api";
  if (!isCore && prefix !== "apis") return other;
  const [group = "", version = "", ...where] = isCore ? ["", ...afterPrefix] : afterPrefix;
  if (version === "" || where.length === 0) return other;
  const { isWatchPath, parts: place } = withoutWatch(where);
  const { namespace, plural, name, subresource, rest } = placeOf(place);
  if (plural === "") return other;
  const isCollection = name === "";
  return {
    kind: "resource",
    verb: isWatchPath ? "watch" : verbOf(method, isCollection, query),
    group,
    version,
    plural,
    subresource,
    rest,
    namespace,
    name,
  };
}

/** The old form `/api/v1/watch/pods`. */
function withoutWatch(parts: readonly string[]): { isWatchPath: boolean; parts: readonly string[] } {
  return parts[0] === "watch" && parts.length > 1
    ? { isWatchPath: true, parts: parts.slice(1) }
    : { isWatchPath: false, parts };
}

function placeOf(parts: readonly string[]): {
  namespace: string;
  plural: string;
  name: string;
  subresource: string;
  rest: string;
} {
  const [first = "", namespace = "", third = ""] = parts;
  if (first !== "namespaces" || parts.length < 3 || namespaceSubresources.has(third)) {
    const [plural = "", name = "", subresource = "", ...rest] = parts;
    return { namespace: plural === "namespaces" ? name : "", plural, name, subresource, rest: rest.join("/") };
  }
  const [plural = "", name = "", subresource = "", ...rest] = parts.slice(2);
  return { namespace, plural, name, subresource, rest: rest.join("/") };
}

function verbOf(method: string, isCollection: boolean, query: URLSearchParams): ResourceVerb {
  switch (method) {
    case "GET":
    case "HEAD":
      if (!isCollection) return isTrue(query.get("watch")) ? "watch" : "get";
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
