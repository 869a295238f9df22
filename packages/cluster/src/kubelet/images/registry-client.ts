import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { createHash } from "node:crypto";
import { KubeletError } from "../kubelet-error.ts";
import { manifestBytesMax, registryIdleMs } from "../limits.ts";
import { manifestTypes } from "./image-manifest.ts";
import type { BlobSource, Descriptor, FoundImage } from "./image-manifest.ts";
import type { ImageReference } from "./image-reference.ts";

export interface RegistryAccess {
  readonly username: string;
  readonly password: string;
}

export interface RegistryOptions {
  /** Where a registry of this name answers, e.g. `docker.io` at `http://127.0.0.1:7070`. */
  readonly mirrors: Readonly<Record<string, string>>;
  /** A certificate authority besides the system's. */
  readonly ca?: string;
  readonly access?: RegistryAccess;
}

const redirectsMax = 5;

/** Finds an image in a registry that speaks the OCI distribution protocol (1.1, pull). */
export async function findInRegistry(reference: ImageReference, options: RegistryOptions): Promise<FoundImage> {
  const session = new RegistrySession(reference, options);
  const descriptor = await session.manifest();
  return { descriptor, source: session.blobs() };
}

class RegistrySession {
  readonly #reference: ImageReference;
  readonly #options: RegistryOptions;
  readonly #base: URL;
  readonly #manifests = new Map<string, Buffer>();
  #authorization: string | undefined;

  constructor(reference: ImageReference, options: RegistryOptions) {
    this.#reference = reference;
    this.#options = options;
    this.#base = new URL(`/v2/${reference.repository}/`, endpointOf(reference.registry, options));
  }

  async manifest(): Promise<Descriptor> {
    const name = this.#reference.digest ?? this.#reference.tag ?? "latest";
    const url = new URL(`manifests/${name}`, this.#base);
    const answer = await this.#get(url, manifestTypes.join(", ")).catch((error: unknown) => {
      throw this.#unresolved(error);
    });
    const bytes = await readBounded(answer);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (this.#reference.digest !== undefined && this.#reference.digest !== digest) {
      throw new KubeletError("image-invalid", `the registry answered with ${digest} for ${this.#reference.digest}`);
    }
    this.#manifests.set(digest, bytes);
    return { mediaType: answer.headers["content-type"] ?? "", digest, size: bytes.length };
  }

  blobs(): BlobSource {
    return {
      read: async (descriptor) => {
        const known = this.#manifests.get(descriptor.digest);
        if (known !== undefined) return known;
        const folder = manifestTypes.includes(descriptor.mediaType) ? "manifests" : "blobs";
        const url = new URL(`${folder}/${descriptor.digest}`, this.#base);
        return readBounded(await this.#get(url, folder === "manifests" ? descriptor.mediaType : undefined));
      },
      stream: async (descriptor) => this.#get(new URL(`blobs/${descriptor.digest}`, this.#base)),
    };
  }

  async #get(url: URL, accept?: string): Promise<IncomingMessage> {
    let current = url;
    let asked = false;
    for (let hops = 0; hops <= redirectsMax; hops += 1) {
      const own = current.host === this.#base.host;
      const headers = {
        ...(accept === undefined ? {} : { accept }),
        ...(own && this.#authorization !== undefined ? { authorization: this.#authorization } : {}),
      };
      const answer = await send(current, headers, this.#options.ca);
      const status = answer.statusCode ?? 0;
      if (status === 200) return answer;
      answer.resume();
      if (status === 401 && own && !asked) {
        asked = true;
        this.#authorization = await this.#authorize(answer.headers["www-authenticate"] ?? "");
        continue;
      }
      const location = answer.headers.location;
      if (status >= 300 && status < 400 && location !== undefined) {
        current = new URL(location, current);
        continue;
      }
      throw this.#failure(status);
    }
    throw new KubeletError("image-invalid", `${url.host} answers with one redirection after the other`);
  }

  /** Without an answer of the registry nobody knows what the name stands for. */
  #unresolved(error: unknown): unknown {
    const isSilent = error instanceof KubeletError && error.message.startsWith("failed to do request");
    if (!isSilent) return error;
    return new KubeletError(error.code, `failed to resolve reference "${this.#name()}": ${error.message}`, error);
  }

  #name(): string {
    const { registry, repository, tag, digest } = this.#reference;
    return `${registry}/${repository}${digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`}`;
  }

  #failure(status: number): KubeletError {
    const name = this.#name();
    if (status === 404)
      return new KubeletError("image-not-found", `failed to resolve reference "${name}": ${name}: not found`);
    if (status === 401 || status === 403) {
      const why = "pull access denied, repository does not exist or may require authorization";
      return new KubeletError("image-not-found", `failed to resolve reference "${name}": ${why}`);
    }
    return new KubeletError(
      "image-not-found",
      `failed to resolve reference "${name}": unexpected status from the registry: ${status}`,
    );
  }

  /** The two schemes of registries: a token from the realm that the challenge names, or the password itself. */
  async #authorize(challenge: string): Promise<string> {
    const { access } = this.#options;
    const basic =
      access === undefined
        ? undefined
        : `Basic ${Buffer.from(`${access.username}:${access.password}`).toString("base64")}`;
    if (/^basic\b/iu.test(challenge)) {
      if (basic === undefined) throw this.#failure(401);
      return basic;
    }
    const realm = /realm="([^"]+)"/iu.exec(challenge)?.[1];
    if (!/^bearer\b/iu.test(challenge) || realm === undefined) throw this.#failure(401);
    const url = new URL(realm);
    const service = /service="([^"]+)"/iu.exec(challenge)?.[1];
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", `repository:${this.#reference.repository}:pull`);
    const answer = await send(url, basic === undefined ? {} : { authorization: basic }, this.#options.ca);
    if (answer.statusCode !== 200) {
      answer.resume();
      throw this.#failure(401);
    }
    const body: unknown = JSON.parse((await readBounded(answer)).toString("utf8"));
    const token = tokenOf(body);
    if (token === undefined) throw this.#failure(401);
    return `Bearer ${token}`;
  }
}

function tokenOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if ("token" in body && typeof body.token === "string") return body.token;
  return "access_token" in body && typeof body.access_token === "string" ? body.access_token : undefined;
}

/** Registries on this machine are asked without TLS, as Docker does; others never. */
function endpointOf(registry: string, options: RegistryOptions): URL {
  const mirror = options.mirrors[registry];
  if (mirror !== undefined) return new URL(mirror);
  const host = registry.replace(/:\d+$/u, "");
  const isLocal = host === "localhost" || /^127\.\d+\.\d+\.\d+$/u.test(host) || host === "[::1]";
  if (isLocal) return new URL(`http://${registry}`);
  return new URL(`https://${registry === "docker.io" ? "registry-1.docker.io" : registry}`);
}

async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  ca: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const why = error instanceof Error ? error.message : String(error);
      reject(new KubeletError("image-not-found", `failed to do request: Get "${url.href}": ${why}`, error));
    };
    const request =
      url.protocol === "https:"
        ? httpsRequest(url, { headers, ...(ca === undefined ? {} : { ca }) }, resolve)
        : httpRequest(url, { headers }, resolve);
    request.setTimeout(registryIdleMs, () => request.destroy(new Error(`no byte for ${registryIdleMs} ms`)));
    request.on("error", fail);
    request.end();
  });
}

async function readBounded(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > manifestBytesMax) {
      answer.destroy();
      throw new KubeletError("image-refused", `the registry sends more than ${manifestBytesMax} bytes for a manifest`);
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
