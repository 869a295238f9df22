import { fails } from "../cel-error.ts";
import { opaque } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { CelMap, Opaque } from "../value.ts";
import type { Value } from "../value.ts";

const TYPE = "kubernetes.URL";

interface Url {
  readonly text: string;
  readonly scheme: string;
  /** With the port. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** An absolute URL or path, as in a request; or what is wrong with it. */
export function readUrl(text: string): Url | string {
  const problem = (why: string): string => `parse ${JSON.stringify(text)}: ${why}`;
  if (/[\u0000-\u001f\u007f]/.test(text)) return problem("net/url: invalid control character in URL");
  if (text === "") return problem("empty url");
  if (text === "*") return { text, scheme: "", host: "", path: "*", query: "" };
  const [beforeFragment = ""] = text.split("#");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeFragment)?.[1] ?? "";
  if (scheme === "" && /^[^/?]*:/.test(beforeFragment)) {
    return problem(text.startsWith(":") ? "missing protocol scheme" : "first path segment in URL cannot contain colon");
  }
  const rest = scheme === "" ? beforeFragment : beforeFragment.slice(scheme.length + 1);
  const [beforeQuery = "", ...queries] = rest.split("?");
  if (!beforeQuery.startsWith("/")) {
    if (scheme === "") return problem("invalid URI for request");
    return { text, scheme: scheme.toLowerCase(), host: "", path: "", query: queries.join("?") };
  }
  const authority = /^\/\/([^/]*)(.*)$/s.exec(beforeQuery);
  const isPathOnly = authority === null || (scheme === "" && beforeQuery.startsWith("///"));
  const host = isPathOnly ? "" : (authority?.[1] ?? "").replace(/^.*@/, "");
  const path = isPathOnly ? beforeQuery : (authority?.[2] ?? "");
  const hostProblem = checkHost(host);
  if (hostProblem !== undefined) return problem(hostProblem);
  const badEscape = /%(?![0-9A-Fa-f]{2})(.{0,2})/.exec(path);
  if (badEscape !== null) return problem(`invalid URL escape ${JSON.stringify(`%${badEscape[1]}`)}`);
  return { text, scheme: scheme.toLowerCase(), host, path, query: queries.join("?") };
}

function checkHost(host: string): string | undefined {
  const bracketed = /^\[[^\]]*\](.*)$/.exec(host);
  if (host.startsWith("[") && bracketed === null) return "missing ']' in host";
  const port = bracketed === null ? /:[^:]*$/.exec(host)?.[0] : bracketed[1];
  if (port !== undefined && port !== "" && !/^:\d*$/.test(port))
    return `invalid port ${JSON.stringify(port)} after host`;
  const odd = /[ <>"{}|\\^`]/.exec(bracketed === null ? host : "");
  return odd === null ? undefined : `invalid character ${JSON.stringify(odd[0])} in host name`;
}

function hostname({ host }: Url): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  return bracketed === null ? host.replace(/:\d*$/, "") : (bracketed[1] ?? "");
}

function port({ host }: Url): string {
  return /:(\d*)$/.exec(host.replace(/^\[.*\]/, ""))?.[1] ?? "";
}

/** What needs it is escaped; what is escaped stays. */
function escapedPath({ path }: Url): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%[\]]/gu, (character) => encodeURIComponent(character));
}

function query(url: Url): CelMap {
  const values = new Map<string, string[]>();
  for (const pair of url.query.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const [key = "", ...rest] = pair.split("=");
    const [name, value] = [decode(key), decode(rest.join("="))];
    if (name === undefined || value === undefined) continue;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return new CelMap(values);
}

function decode(text: string): string | undefined {
  const isEscaped = !/%(?![0-9A-Fa-f]{2})/.test(text);
  if (!isEscaped) return undefined;
  const bytes = text.replaceAll("+", " ").replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => `\uE000${hex}`);
  const parts = bytes.split(/\uE000([0-9A-Fa-f]{2})/);
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 === 0 ? "utf8" : "hex"))).toString(
    "utf8",
  );
}

function parse(text: Value | undefined): Opaque {
  const url = readUrl(text as string);
  if (typeof url === "string") throw fails(`URL parse error during conversion from string: ${url}`);
  return new Opaque(TYPE, url, (other) => (other as Url).text === url.text);
}

function member(name: string, read: (url: Url) => Value, result = "string"): Library["overloads"] {
  return [overload(`${TYPE}::${name}(): ${result}`, (value) => read((value as Opaque).content as Url))];
}

export const URLS: Library = {
  name: "kubernetes.urls",
  types: [opaque(TYPE)],
  overloads: [
    overload(`url(string): ${TYPE}`, parse),
    overload("isURL(string): bool", (text) => typeof readUrl(text as string) !== "string"),
    ...(member("getScheme", ({ scheme }) => scheme) ?? []),
    ...(member("getHost", ({ host }) => host) ?? []),
    ...(member("getHostname", hostname) ?? []),
    ...(member("getPort", port) ?? []),
    ...(member("getEscapedPath", escapedPath) ?? []),
    ...(member("getQuery", query, "map(string, list(string))") ?? []),
  ],
};
