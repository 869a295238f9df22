import { createReadStream } from "node:fs";
import { BuildError } from "../build-error.ts";
import { registryAttempts, uploadsAtOnce } from "../limits.ts";
import { ImageLayout } from "../oci/image-layout.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { parseManifest } from "../oci/manifest.ts";
import type { Environment } from "./credentials.ts";
import { formatAddress, parseAddress, type RegistryAddress } from "./registry-address.ts";
import { RegistrySession } from "./registry-session.ts";

export interface PushOptions {
  readonly layout: string;
  /** Of a manifest or an index in the layout. */
  readonly digest: string;
  /** `HOST/PATH/service`, with a tag or without. */
  readonly target: string;
  /** Repositories of the same registry that may have some of its blobs already, with their paths there. */
  readonly alreadyIn?: readonly string[];
  /** Whose `docker login` counts. */
  readonly env?: Environment;
  readonly signal: AbortSignal;
}

export interface PushedImage {
  /** By digest: what a cluster is told to run. */
  readonly reference: string;
  readonly digest: string;
  readonly uploadedBytes: number;
  readonly blobs: { readonly uploaded: number; readonly mounted: number; readonly present: number };
}

/** Brings an image to a registry: only what it does not have is sent, and the manifest comes last. */
export async function pushImage(options: PushOptions): Promise<PushedImage> {
  const push = new Push(options, await ImageLayout.open(options.layout));
  return push.run();
}

class Push {
  readonly #options: PushOptions;
  readonly #layout: ImageLayout;
  readonly #target: RegistryAddress;
  readonly #session: RegistrySession;
  readonly #sources: readonly string[];
  readonly #counts = { uploaded: 0, mounted: 0, present: 0 };
  #uploadedBytes = 0;

  constructor(options: PushOptions, layout: ImageLayout) {
    this.#options = options;
    this.#layout = layout;
    this.#target = parseAddress(options.target);
    const { host, repository } = this.#target;
    this.#sources = (options.alreadyIn ?? []).filter((each) => each !== repository);
    const scopes = [`repository:${repository}:pull,push`, ...this.#sources.map((each) => `repository:${each}:pull`)];
    this.#session = new RegistrySession({ host, scopes, env: options.env ?? process.env, signal: options.signal });
  }

  async run(): Promise<PushedImage> {
    const { digest } = this.#options;
    await this.#manifest(digest, this.#target.tag);
    return {
      reference: formatAddress({ ...this.#target, tag: undefined, digest }),
      digest,
      uploadedBytes: this.#uploadedBytes,
      blobs: { ...this.#counts },
    };
  }

  async #manifest(digest: string, tag: string | undefined): Promise<void> {
    const bytes = await this.#read(digest);
    const manifest = parseManifest(bytes, digest);
    if (manifest.kind === "index") {
      for (const child of manifest.manifests) await this.#manifest(child.digest, undefined);
    } else {
      await this.#blobs([manifest.config, ...manifest.layers]);
    }
    const { mediaType }: { readonly mediaType?: unknown } = JSON.parse(bytes.toString("utf8"));
    for (const name of tag === undefined ? [digest] : [digest, tag]) {
      const url = this.#session.urlOf(`${this.#target.repository}/manifests/${name}`);
      const headers = { "content-type": String(mediaType) };
      const body = { bytes: bytes.length, open: () => onePiece(bytes) };
      const answer = await this.#session.expect(url, { method: "PUT", headers, body }, [200, 201, 202]);
      answer.stream.resume();
    }
  }

  async #read(digest: string): Promise<Buffer> {
    try {
      return await this.#layout.blobs.read(digest);
    } catch (error) {
      const what = `${this.#options.layout} has no image ${digest}: build it first`;
      throw new BuildError("image_not_found", what, error);
    }
  }

  async #blobs(descriptors: readonly Descriptor[]): Promise<void> {
    const waiting = descriptors.values();
    const work = async (): Promise<void> => {
      for (const descriptor of waiting) await this.#blob(descriptor);
    };
    await Promise.all(Array.from({ length: uploadsAtOnce }, work));
  }

  async #blob(descriptor: Descriptor): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#counts[await this.#bring(descriptor)] += 1;
        return;
      } catch (error) {
        const isWorthwhile = error instanceof BuildError && error.code === "registry_failed";
        if (!isWorthwhile || attempt === registryAttempts) throw error;
      }
    }
  }

  async #bring(descriptor: Descriptor): Promise<"uploaded" | "mounted" | "present"> {
    const { repository } = this.#target;
    const session = this.#session;
    const head = await session.send(session.urlOf(`${repository}/blobs/${descriptor.digest}`), { method: "HEAD" });
    head.stream.resume();
    if (head.status === 200) return "present";
    const [first, ...others] = this.#sources;
    const begin = session.urlOf(`${repository}/blobs/uploads/`);
    if (first !== undefined) {
      begin.searchParams.set("mount", descriptor.digest);
      begin.searchParams.set("from", first);
    }
    const answer = await session.expect(begin, { method: "POST" }, first === undefined ? [202] : [201, 202]);
    answer.stream.resume();
    if (answer.status === 201) return "mounted";
    for (const from of others) if (await this.#mount(descriptor, from)) return "mounted";
    await this.#upload(descriptor, answer.headers.location);
    return "uploaded";
  }

  async #mount({ digest }: Descriptor, from: string): Promise<boolean> {
    const url = this.#session.urlOf(`${this.#target.repository}/blobs/uploads/`);
    url.searchParams.set("mount", digest);
    url.searchParams.set("from", from);
    const answer = await this.#session.expect(url, { method: "POST" }, [201, 202]);
    answer.stream.resume();
    return answer.status === 201;
  }

  async #upload({ digest, size }: Descriptor, location: string | undefined): Promise<void> {
    if (location === undefined) {
      throw new BuildError("registry_failed", `${this.#target.host} begins an upload without saying where it goes on`);
    }
    const url = this.#session.urlOf(location);
    url.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    const body = { bytes: size, open: () => createReadStream(this.#layout.blobs.pathOf(digest)) };
    const answer = await this.#session.expect(url, { method: "PUT", headers, body }, [201]);
    answer.stream.resume();
    this.#uploadedBytes += size;
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Pushes images one after the other; what they share is sent with the first and mounted for the others. */
export async function pushImages(
  images: readonly { readonly service: string; readonly digest: string; readonly tag: string }[],
  { target, ...common }: Omit<PushOptions, "digest" | "alreadyIn">,
  onPushed: (service: string) => void = () => undefined,
): Promise<readonly PushedImage[]> {
  const pushed: PushedImage[] = [];
  const alreadyIn: string[] = [];
  for (const { digest, service, tag } of images) {
    const address = `${target}/${service}:${tag}`;
    pushed.push(await pushImage({ ...common, digest, target: address, alreadyIn: alreadyIn.slice(-1) }));
    alreadyIn.push(parseAddress(address).repository);
    onPushed(service);
  }
  return pushed;
}
