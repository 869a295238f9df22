import { quote } from "@fairway/gotemplate";
import { parseIpAddress } from "../ip-address.ts";
import { escapeUrl, unescapeUrl } from "./url-escape.ts";

export interface Userinfo {
  readonly name: string;
  readonly password: string | undefined;
}

export interface ParsedUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: Userinfo | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Parses an address as Go's url.Parse; the thrown message is Go's. */
export function parseUrl(text: string): ParsedUrl {
  const [address, fragment] = cut(text, "#");
  const parsed = attempt(address, () => parseAddress(address));
  return { ...parsed, fragment: attempt(text, () => unescapeUrl(fragment, "fragment")) };
}

function attempt<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`parse ${quote(text)}: ${reason}`, { cause: error });
  }
}

/** What is before the separator and what is behind it. */
function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function parseAddress(text: string): Omit<ParsedUrl, "fragment"> {
  if (/[\0-\x1f\x7f]/.test(text)) throw new Error("net/url: invalid control character in URL");
  const nothing = { scheme: "", opaque: "", user: undefined, host: "", path: "", query: "" };
  if (text === "*") return { ...nothing, path: "*" };
  const [scheme, afterScheme] = cutScheme(text);
  const [beforeQuery, query] = cut(afterScheme, "?");
  let rest = beforeQuery;
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...nothing, scheme, opaque: rest, query };
    if (cut(rest, "/")[0].includes(":")) throw new Error("first path segment in URL cannot contain colon");
  }
  let authority: { user: Userinfo | undefined; host: string } = { user: undefined, host: "" };
  if (rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"))) {
    const slash = rest.indexOf("/", 2);
    authority = parseAuthority(slash === -1 ? rest.slice(2) : rest.slice(2, slash));
    rest = slash === -1 ? "" : rest.slice(slash);
  }
  return { ...nothing, scheme, query, ...authority, path: unescapeUrl(rest, "path") };
}

function cutScheme(text: string): [string, string] {
  if (text.startsWith(":")) throw new Error("missing protocol scheme");
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):/u.exec(text);
  return match?.[1] === undefined ? ["", text] : [match[1].toLowerCase(), text.slice(match[0].length)];
}

function parseAuthority(authority: string): { user: Userinfo | undefined; host: string } {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1));
  if (at === -1) return { user: undefined, host };
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/u.test(userinfo)) throw new Error("net/url: invalid userinfo");
  const [name, password] = cut(userinfo, ":");
  return {
    user: {
      name: unescapeUrl(name, "userinfo"),
      password: userinfo.includes(":") ? unescapeUrl(password, "userinfo") : undefined,
    },
    host,
  };
}

function parseHost(host: string): string {
  const open = host.lastIndexOf("[");
  if (open > 0) throw new Error("invalid IP-literal");
  if (open === 0) return parseBracketed(host);
  // More colons are let pass: connection strings list several hosts with ports.
  const colon = host.lastIndexOf(":");
  if (colon !== -1) checkPort(host.slice(colon));
  return unescapeUrl(host, "host");
}

function checkPort(port: string): void {
  if (!/^(?::[0-9]*)?$/u.test(port)) throw new Error(`invalid port ${quote(port)} after host`);
}

function parseBracketed(host: string): string {
  const close = host.lastIndexOf("]");
  if (close === -1) throw new Error("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf("%25");
  const address =
    zone === -1
      ? unescapeUrl(name, "host")
      : unescapeUrl(name.slice(0, zone), "host") + unescapeUrl(name.slice(zone), "zone");
  const bytes = parseIpAddress(address.replace(/%.+$/u, ""));
  if (bytes?.length === 4) throw new Error("invalid IP-literal");
  if (bytes === undefined) throw new Error(`invalid host: ParseAddr(${quote(address)}): unable to parse IP`);
  return `[${address}]${port}`;
}

/** The host without its port and brackets. */
export function hostname(host: string): string {
  const port = /:[0-9]*$/u.exec(host);
  const bare = port === null ? host : host.slice(0, port.index);
  const inBrackets = /^\[(.*)\]$/u.exec(bare)?.[1];
  if (inBrackets !== undefined) return inBrackets;
  return bare;
}

export function formatUserinfo({ name, password }: Userinfo): string {
  const escaped = escapeUrl(name, "userinfo");
  return password === undefined ? escaped : `${escaped}:${escapeUrl(password, "userinfo")}`;
}
