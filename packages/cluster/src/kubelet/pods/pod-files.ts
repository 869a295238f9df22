import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubeletError } from "../kubelet-error.ts";
import { dnsLimits, kernelNameMax } from "../limits.ts";
import type { Pod } from "./pod.ts";

/** The name by which a pod calls itself, without its domain. */
export function podHostname(pod: Pod, nodeName: string): string {
  if (pod.spec.hostNetwork === true) return nodeName;
  const name = pod.spec.hostnameOverride ?? pod.spec.hostname ?? pod.metadata.name;
  // Linux takes at most 63 characters.
  return name.slice(0, 63).replace(/[.-]+$/u, "");
}

/** The name under which cluster DNS knows the pod, if it has one. */
export function podDomain(pod: Pod, clusterDomain: string): string {
  const { subdomain = "", hostnameOverride } = pod.spec;
  if (subdomain === "" || hostnameOverride !== undefined) return "";
  return `${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`;
}

/** What the kernel calls a pod's machine: with its domain where the pod says so. */
export function kernelHostname(pod: Pod, nodeName: string, clusterDomain: string): string {
  const name = podHostname(pod, nodeName);
  const domain = podDomain(pod, clusterDomain);
  if (domain === "" || pod.spec.setHostnameAsFQDN !== true || pod.spec.hostNetwork === true) return name;
  const whole = `${name}.${domain}`;
  if (whole.length <= kernelNameMax) return whole;
  throw new KubeletError(
    "sandbox-failed",
    `failed to construct FQDN from pod hostname and cluster domain, FQDN ${whole} is too long (${kernelNameMax} characters is the max, ${whole.length} characters requested)`,
  );
}

export interface HostsFacts {
  readonly pod: Pod;
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly domain: string;
  /** The machine's own file, which pods in its network have too. */
  readonly machine: string;
}

export function writeHostsFile(folder: string, facts: HostsFacts): string {
  const { pod, machine } = facts;
  const lines =
    pod.spec.hostNetwork === true
      ? ["# Kubernetes-managed hosts file (host network).", machine.trimEnd()]
      : ownHosts(facts);
  const aliases = (pod.spec.hostAliases ?? []).map((alias) => `${alias.ip}\t${(alias.hostnames ?? []).join("\t")}`);
  if (aliases.length > 0) lines.push("", "# Entries added by HostAliases.", ...aliases);
  const path = join(folder, "etc-hosts");
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o644 });
  return path;
}

function ownHosts({ hostname, addresses, domain }: HostsFacts): string[] {
  return [
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "fe00::0\tip6-mcastprefix",
    "fe00::1\tip6-allnodes",
    "fe00::2\tip6-allrouters",
    ...addresses.map((address) =>
      domain === "" ? `${address}\t${hostname}` : `${address}\t${hostname}.${domain}\t${hostname}`,
    ),
  ];
}

export interface ResolverFacts {
  readonly pod: Pod;
  readonly dnsAddress: string | undefined;
  readonly clusterDomain: string;
  /** The machine's own resolv.conf. */
  readonly machine: string;
}

interface Resolver {
  nameservers: string[];
  searches: string[];
  options: string[];
}

export interface ResolverText {
  readonly text: string;
  /** What didn't fit into it. */
  readonly warnings: readonly string[];
}

/** A pod's resolv.conf, as its DNS policy and settings say. */
export function resolverConfiguration({ pod, dnsAddress, clusterDomain, machine }: ResolverFacts): ResolverText {
  const policy = pod.spec.dnsPolicy ?? "ClusterFirst";
  const own = parseResolver(machine);
  const usesCluster =
    policy === "ClusterFirstWithHostNet" || (policy === "ClusterFirst" && pod.spec.hostNetwork !== true);
  let resolver: Resolver = own;
  if (policy === "None") resolver = { nameservers: [], searches: [], options: [] };
  else if (usesCluster && dnsAddress !== undefined) {
    const { namespace } = pod.metadata;
    const cluster = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
    resolver = { nameservers: [dnsAddress], searches: [...cluster, ...own.searches], options: ["ndots:5"] };
  }
  return fitted(withConfig(resolver, pod));
}

/** Resolvers read no more than this. */
function fitted({ nameservers, searches, options }: Resolver): ResolverText {
  const servers = nameservers.slice(0, dnsLimits.nameservers);
  const domains = searches.slice(0, dnsLimits.searches).filter((each) => each.length <= dnsLimits.domainLength);
  while (domains.join(" ").length > dnsLimits.searchesLength) domains.pop();
  const warnings = [
    ...(domains.length === searches.length
      ? []
      : [
          `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${domains.join(" ")}`,
        ]),
    ...(servers.length === nameservers.length
      ? []
      : [
          `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(" ")}`,
        ]),
  ];
  return { text: formatResolver({ nameservers: servers, searches: domains, options }), warnings };
}

function withConfig(resolver: Resolver, pod: Pod): Resolver {
  const config = pod.spec.dnsConfig;
  if (config === undefined) return resolver;
  const given = (config.options ?? []).map(({ name = "", value }) =>
    value === undefined || value === "" ? name : `${name}:${value}`,
  );
  const named = new Set(given.map((option) => option.split(":")[0]));
  return {
    nameservers: [...new Set([...resolver.nameservers, ...(config.nameservers ?? [])])],
    searches: [...new Set([...resolver.searches, ...(config.searches ?? [])])],
    options: [...resolver.options.filter((option) => !named.has(option.split(":")[0])), ...given],
  };
}

function parseResolver(text: string): Resolver {
  const resolver: Resolver = { nameservers: [], searches: [], options: [] };
  for (const line of text.split("\n")) {
    const [word = "", ...rest] = line.trim().split(/\s+/u);
    if (word === "nameserver") resolver.nameservers.push(...rest.slice(0, 1));
    if (word === "search") resolver.searches = rest.filter((domain) => domain !== ".");
    if (word === "options") resolver.options.push(...rest);
  }
  return resolver;
}

function formatResolver({ nameservers, searches, options }: Resolver): string {
  const lines = [
    ...(searches.length === 0 ? [] : [`search ${searches.join(" ")}`]),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(options.length === 0 ? [] : [`options ${options.join(" ")}`]),
  ];
  return `${lines.join("\n")}\n`;
}
