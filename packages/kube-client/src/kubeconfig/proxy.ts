import { KubeError } from "../kube-error.ts";

export interface ProxyWish {
  readonly server: string;
  readonly proxyUrl: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly where: string;
}

const names: readonly string[] = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];

/** The proxy of the cluster's entry, else that of the environment; never for this machine itself unless the entry says so. */
export function proxyOf({ server, proxyUrl, env, where }: ProxyWish): Record<string, string> | undefined {
  if (proxyUrl !== undefined) {
    checkProxy(proxyUrl, `${where}.proxy-url`);
    return { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl };
  }
  const host = new URL(server).hostname;
  if (host === "localhost" || host === "[::1]" || host.startsWith("127.")) return undefined;
  const found = names.flatMap((name) => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  for (const [name, value] of found) if (!/^no_/iu.test(name)) checkProxy(value, name);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function checkProxy(text: string, where: string): void {
  const protocol = URL.parse(text)?.protocol;
  if (protocol === "http:" || protocol === "https:") return;
  if (protocol === "socks5:" || protocol === "socks5h:") {
    throw new KubeError(
      "config-unsupported",
      `${where} is a SOCKS proxy (${text}): use one for HTTP (CONNECT) instead`,
    );
  }
  throw new KubeError("config-invalid", `${where} is ${text}, which is no http or https address`);
}
