import { type GoFunction, defineFunction, kindOf, mapGet, mapHas } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { nilDereference } from "./go-panic.ts";
import { type Userinfo, formatUserinfo, hostname, parseUrl } from "./url/parse-url.ts";
import { escapeUrl } from "./url/url-escape.ts";

export const urlFunctions: Readonly<Record<string, GoFunction>> = {
  urlParse: defineFunction(["string"], "map[string]any", urlParse),
  urlJoin: defineFunction(["map[string]any"], "string", urlJoin),
};

function urlParse(text: string): GoMap {
  const { scheme, host, path, query, opaque, fragment, user } = explained("unable to parse url", () => parseUrl(text));
  const userinfo = user === undefined ? "" : formatUserinfo(user);
  return { scheme, host, hostname: hostname(host), path, query, opaque, fragment, userinfo };
}

function explained<T>(failure: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${failure}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function urlJoin(parts: GoMap): string {
  const [scheme, host, path] = [part(parts, "scheme"), part(parts, "host"), part(parts, "path")];
  const [query, opaque, fragment] = [part(parts, "query"), part(parts, "opaque"), part(parts, "fragment")];
  const user = userOf(part(parts, "userinfo"));
  let result = scheme === "" ? "" : `${scheme}:`;
  if (opaque === "") {
    result += authority({ scheme, host, path, user });
    const escaped = path === "*" ? path : escapeUrl(path, "path");
    if (escaped !== "" && !escaped.startsWith("/") && host !== "") result += "/";
    if (result === "" && (escaped.split("/")[0] ?? "").includes(":")) result = "./";
    result += escaped;
  } else {
    result += opaque;
  }
  if (query !== "") result += `?${query}`;
  return fragment === "" ? result : `${result}#${escapeUrl(fragment, "fragment")}`;
}

interface Authority {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly user: Userinfo | undefined;
}

function authority({ scheme, host, path, user }: Authority): string {
  if (scheme === "" && host === "" && user === undefined) return "";
  if (host === "" && path === "" && user === undefined) return "";
  return `//${user === undefined ? "" : `${formatUserinfo(user)}@`}${escapeUrl(host, "host")}`;
}

function part(parts: GoMap, key: string): string {
  if (!mapHas(parts, key)) return "";
  const value = mapGet(parts, key);
  if (typeof value === "string") return value;
  if (value === null || value === undefined) throw nilDereference();
  throw new Error(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

function userOf(userinfo: string): Userinfo | undefined {
  if (userinfo === "") return undefined;
  return explained("unable to parse userinfo in dict", () => parseUrl(`proto://${userinfo}@host`)).user;
}
