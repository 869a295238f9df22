import { posix } from "node:path";

/** Where a proxied page is, seen from both sides. */
export interface ProxiedPlace {
  /** The address of the proxy itself: `/api/v1/namespaces/n/pods/p/proxy`. */
  readonly prefix: string;
  /** The hosts by which pages name themselves: that of the pod, and that which the client asked. */
  readonly podHost: string;
  readonly requestHost: string;
}

/** A link of a proxied page, so that it leads through the proxy again. Links to elsewhere and relative ones stay. */
export function throughProxy(link: string, { prefix, podHost, requestHost }: ProxiedPlace): string {
  const [, scheme, host = "", path = "", rest = ""] =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/isu.exec(link.trim()) ?? [];
  const isElsewhere = host === "" ? scheme !== undefined : host !== podHost && host !== requestHost;
  if (isElsewhere || !path.startsWith("/")) return link;
  const start = host === requestHost && scheme !== undefined ? `${scheme}://${host}` : "";
  return `${start}${path.startsWith(prefix) ? path : posix.join(prefix, path)}${rest}`;
}

/** Which attributes of which elements are addresses. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  applet: ["codebase"],
  area: ["href"],
  audio: ["src"],
  base: ["href"],
  blockquote: ["cite"],
  body: ["background"],
  button: ["formaction"],
  command: ["icon"],
  del: ["cite"],
  embed: ["src"],
  form: ["action"],
  frame: ["longdesc", "src"],
  head: ["profile"],
  html: ["manifest"],
  iframe: ["longdesc", "src"],
  img: ["longdesc", "src", "usemap"],
  input: ["src", "usemap", "formaction"],
  ins: ["cite"],
  link: ["href"],
  object: ["classid", "codebase", "data", "usemap"],
  q: ["cite"],
  script: ["src"],
  source: ["src"],
  video: ["poster", "src"],
};

/** What is in these is no markup. */
const rawElements: ReadonlySet<string> = new Set(["script", "style", "textarea", "title"]);

const attribute = /(?<before>\s(?<name>[^\s=>"'/]+)\s*=\s*)(?<value>"[^"]*"|'[^']*'|[^\s>"']+)/gu;

/** A page whose links lead through the proxy. Read once from front to back: pages are not ours, and may be meant to keep us busy. */
export function withProxiedLinks(page: string, place: ProxiedPlace): string {
  let written = "";
  let done = 0;
  for (let at = page.indexOf("<"); at >= 0; at = page.indexOf("<", Math.max(at + 1, done))) {
    const end = endOfMarkup(page, at);
    if (end < 0) break;
    const name =
      /^<([a-z][^\s/>]*)/iu.exec(page.slice(at, Math.min(end, at + nameLengthMax)))?.[1]?.toLowerCase() ?? "";
    const known = Object.hasOwn(addresses, name) ? (addresses[name] ?? []) : [];
    written += page.slice(done, at) + rewritten(page.slice(at, end), known, place);
    done = rawElements.has(name) ? endOfRaw(page, name, end) : end;
    written += page.slice(end, done);
  }
  return written + page.slice(done);
}

/** Longer than the name of any element that has links. */
const nameLengthMax = 32;

/** Behind the comment or the tag that begins here; negative when it never ends. */
function endOfMarkup(page: string, start: number): number {
  if (page.startsWith("<!--", start)) {
    const close = page.indexOf("-->", start);
    return close < 0 ? -1 : close + 3;
  }
  if (!/[a-z/!?]/iu.test(page[start + 1] ?? "")) return start + 1;
  let quote = "";
  for (let at = start + 1; at < page.length; at++) {
    const character = page[at] ?? "";
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === ">") return at + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  return -1;
}

function endOfRaw(page: string, name: string, start: number): number {
  const close = new RegExp(`</${name}`, "giu");
  close.lastIndex = start;
  return close.exec(page)?.index ?? page.length;
}

function rewritten(tag: string, known: readonly string[], place: ProxiedPlace): string {
  if (known.length === 0) return tag;
  return tag.replaceAll(attribute, (whole: string, ...found: readonly unknown[]) => {
    const { before = "", name = "", value = "" } = found.at(-1) as Readonly<Record<string, string>>;
    if (!known.includes(name.toLowerCase())) return whole;
    const quote = /^["']/u.exec(value)?.[0] ?? "";
    const link = value.slice(quote.length, value.length - quote.length);
    return `${before}${quote}${throughProxy(link, place)}${quote}`;
  });
}
