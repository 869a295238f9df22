import type { ServiceAccountTokens } from "../access/service-accounts/tokens.ts";
import type { ApiRequest, ApiResponse, UserInfo } from "../api/api-exchange.ts";
import { methodNotAllowed, noSuchResource } from "../apiserver/status.ts";
import type { KindRegistry } from "../kinds/index.ts";
import type { RemoteVersion } from "./groups.ts";
import { answerHealth, checksOn, healthPaths, type HealthCheck } from "./health.ts";
import { isRoutedTo } from "../apiserver/accept-header.ts";
import { notRouted } from "./negotiate.ts";
import { createDiscovery, type Discovery } from "./served-documents.ts";
import type { VersionInfo } from "./version.ts";

export interface PathsOptions {
  readonly kinds: KindRegistry;
  /** What other servers answer for; the same list as long as nothing has changed. */
  readonly remote?: () => readonly RemoteVersion[];
  /** Where clients reach the server: `127.0.0.1:6443`. */
  readonly serverAddress: () => string;
  readonly version: VersionInfo;
  readonly checks: readonly HealthCheck[];
  readonly tokens: Pick<ServiceAccountTokens, "discovery">;
  /** Whole pages of others, by their path. */
  readonly pages: ReadonlyMap<string, (request: ApiRequest) => ApiResponse>;
  /** What stands below `/openapi/`. */
  readonly openApi: (request: ApiRequest, path: string) => ApiResponse | undefined;
}

export type Paths = (request: ApiRequest, path: string, user: UserInfo) => Promise<ApiResponse | undefined>;

/** Answers everything that is no object. Whoever may not read a path was refused before. */
export function createPaths(options: PathsOptions): Paths {
  const discovery = createDiscovery({ remote: () => none, ...options });
  return async (request, path) => {
    const answer = answerOf(options, discovery, { request, path });
    const isStill = request.method === "HEAD" && answer?.kind === "whole";
    return isStill ? { ...answer, body: "" } : answer;
  };
}

const none: readonly RemoteVersion[] = [];

interface Asked {
  readonly request: ApiRequest;
  readonly path: string;
}

function answerOf(options: PathsOptions, discovery: Discovery, { request, path }: Asked): ApiResponse | undefined {
  switch (path) {
    case "/":
    case "/index.html":
      return json(200, { paths: indexOf(options, discovery) });
    case "/version":
    case "/version/":
      return versionAnswer(options.version, request);
    case "/.well-known/openid-configuration":
      return published(request, options.tokens.discovery().configuration, "application/json");
    case "/openid/v1/jwks":
      return published(request, options.tokens.discovery().keys, "application/jwk-set+json");
    default:
  }
  const page = options.pages.get(path);
  if (page) return page(request);
  if (path.startsWith("/openapi/")) return options.openApi(request, path);
  return answerHealth(options.checks, path, request) ?? discovered(options, discovery, { request, path });
}

/** The lists of resources are routed by method, as objects are, and below built-in groups there is nothing else. */
function discovered({ kinds }: PathsOptions, discovery: Discovery, { request, path }: Asked): ApiResponse | undefined {
  const answer = discovery.answer(request, path);
  const [prefix, name = "", version] = path.split("/").filter((part) => part !== "");
  const isRouted = prefix === "api" || version !== undefined;
  const group = prefix === "api" ? "" : prefix === "apis" ? name : undefined;
  const isBuiltIn = kinds.all().some((kind) => kind.group === group && !kind.custom);
  const hasGap = /[^/]\/\/+[^/]/.test(path);
  if ((!answer && (isBuiltIn || prefix === "version")) || (hasGap && isBuiltIn)) throw noSuchResource();
  if (answer && isRouted && request.method !== "GET") throw methodNotAllowed();
  return answer;
}

function versionAnswer(version: VersionInfo, request: ApiRequest): ApiResponse {
  checkOffer(request, "application/json");
  return json(200, version);
}

/** Pages that are there in one form alone, to be read and no more. */
function checkOffer({ method, headers }: ApiRequest, type: string): void {
  if (method !== "GET") throw methodNotAllowed();
  const { accept = "" } = headers;
  if (accept !== "" && !isRoutedTo(accept, [type])) throw notRouted(type);
}

/** Read by people too, whatever they ask for. */
function json(status: number, value: unknown): ApiResponse {
  const headers = { "content-type": "application/json", "cache-control": "no-cache, private" };
  return { kind: "whole", status, headers, body: JSON.stringify(value, null, 2) };
}

function published(request: ApiRequest, document: unknown, type: string): ApiResponse {
  checkOffer(request, type);
  const headers = { "content-type": type, "cache-control": "public, max-age=3600" };
  return { kind: "whole", status: 200, headers, body: JSON.stringify(document) };
}

function indexOf({ checks, pages }: PathsOptions, discovery: Discovery): readonly string[] {
  const groups = discovery.groups().flatMap(({ name, versions }) => {
    const base = name === "" ? "/api" : `/apis/${name}`;
    return [base, ...versions.map(({ version }) => `${base}/${version}`)];
  });
  const health = healthPaths.flatMap((where) => [
    `/${where}`,
    ...checksOn(checks, where).map(({ name }) => `/${where}/${name}`),
  ]);
  const others = ["/.well-known/openid-configuration", "/apis", "/apis/", "/openid/v1/jwks", "/version"];
  const openApi = ["/openapi/v2", "/openapi/v3", "/openapi/v3/"];
  return [...others, ...openApi, ...groups, ...health, ...pages.keys()].toSorted();
}
