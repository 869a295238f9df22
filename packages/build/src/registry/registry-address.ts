import { BuildError } from "../build-error.ts";

/** `ghcr.io/acme/shop/orders-service:1.2.0` in its parts. */
export interface RegistryAddress {
  /** Host and port, as people write them. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/u;
const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/u;
const tagPattern = /^\w[\w.-]{0,127}$/u;

export function parseAddress(text: string): RegistryAddress {
  const invalid = (why: string): BuildError =>
    new BuildError(
      "bad_option",
      `"${text}" is no address in a registry: ${why}, as in ghcr.io/acme/shop/orders-service`,
    );
  const [named = "", digest] = text.split("@", 2);
  const slash = named.indexOf("/");
  const first = slash === -1 ? "" : named.slice(0, slash);
  const hasHost = first.includes(".") || first.includes(":") || first === "localhost";
  const host = hasHost ? first : "docker.io";
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(":");
  const tag = colon > rest.lastIndexOf("/") ? rest.slice(colon + 1) : undefined;
  const name = tag === undefined ? rest : rest.slice(0, colon);
  const repository = host === "docker.io" && !name.includes("/") ? `library/${name}` : name;
  if (!hostPattern.test(host)) throw invalid(`${host} is no host`);
  if (!namePattern.test(repository)) throw invalid("the path is in lower case, its parts separated by slashes");
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(`${tag} is no tag`);
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/u.test(digest)) throw invalid(`${digest} is no SHA-256`);
  return { host, repository, tag, digest };
}

export function formatAddress({ digest, host, repository, tag }: RegistryAddress): string {
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/u.test(host);
}

/** Where a registry answers. One on this machine is asked without TLS, as Docker does; others never. */
export function endpointOf(host: string): URL {
  if (isLoopback(host)) return new URL(`http://${host}`);
  return new URL(`https://${host === "docker.io" ? "registry-1.docker.io" : host}`);
}
