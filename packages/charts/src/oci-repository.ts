import { describe, type ChartRequest } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";

/** One repository of a registry: all versions of one chart. */
export interface OciRepository {
  /** `https://registry.example.com/v2/charts/redis/` */
  readonly base: string;
  /** As credentials are kept for it, with the port. */
  readonly host: string;
  readonly name: string;
}

export type IsPlain = (host: string) => boolean;

export function repositoryOf(request: ChartRequest, isPlain: IsPlain): OciRepository {
  const address = `${request.repository.replace(/^oci:\/\//, "").replace(/\/+$/, "")}/${request.name}`;
  return parseRepository(address, request, isPlain);
}

/** `oci://host/path:tag` or `oci://host/path@sha256:...`, as indexes hold them. */
export function parseReference(
  reference: string,
  request: ChartRequest,
  isPlain: IsPlain,
): { readonly repository: OciRepository; readonly tag: string } {
  const match = /^oci:\/\/([^/]+\/[^:@]+)[:@]([\w.:+-]+)$/.exec(reference);
  if (!match) {
    throw new ChartsError("invalid-answer", `${describe(request)}: the index gives no complete address of the archive`);
  }
  const [, address = "", tag = ""] = match;
  return { repository: parseRepository(address, request, isPlain), tag };
}

function parseRepository(address: string, request: ChartRequest, isPlain: IsPlain): OciRepository {
  const slash = address.indexOf("/");
  const given = address.slice(0, slash);
  const name = address.slice(slash + 1);
  if (given.includes("@")) {
    const message = `${describe(request)}: a registry's address holds no password; log in to the registry instead`;
    throw new ChartsError("unsupported-address", message);
  }
  const host = given === "docker.io" ? "registry-1.docker.io" : given;
  const origin = `${isPlain(host) ? "http" : "https"}://${host}`;
  if (!URL.canParse(origin) || !/^[\w.:[\]-]+$/.test(host)) {
    throw new ChartsError("unsupported-address", `${describe(request)}: "${host}" is no host of a registry`);
  }
  if (!/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(name)) {
    throw new ChartsError("unsupported-address", `${describe(request)}: "${name}" is no repository name of a registry`);
  }
  return { base: `${origin}/v2/${name}/`, host, name };
}
