import type { BaseSource } from "../base/base-image.ts";
import { BuildError } from "../build-error.ts";
import { digestOf, type Descriptor } from "../oci/descriptor.ts";
import type { ImageLayout } from "../oci/image-layout.ts";
import { acceptedTypes } from "../oci/manifest.ts";
import { readAnswer } from "./http-exchange.ts";
import { formatAddress, type RegistryAddress } from "./registry-address.ts";
import { RegistrySession } from "./registry-session.ts";

/** An image of a registry, whose blobs are fetched as they are asked for; each is held against its digest. */
export class PulledImage implements BaseSource {
  readonly descriptor: Descriptor;
  readonly #address: RegistryAddress;
  readonly #session: RegistrySession;

  private constructor(address: RegistryAddress, session: RegistrySession, descriptor: Descriptor) {
    this.#address = address;
    this.#session = session;
    this.descriptor = descriptor;
  }

  static async find(address: RegistryAddress, signal: AbortSignal): Promise<PulledImage> {
    const { digest, host, repository, tag } = address;
    const session = new RegistrySession({ host, scopes: [`repository:${repository}:pull`], env: process.env, signal });
    const url = session.urlOf(`${repository}/manifests/${digest ?? tag ?? "latest"}`);
    const headers = { accept: acceptedTypes.join(", ") };
    const answer = await session.expect(url, { method: "GET", headers }, [200]);
    const mediaType = answer.headers["content-type"] ?? "";
    const bytes = await readAnswer(answer);
    const found = digestOf(bytes);
    if (digest !== undefined && found !== digest) {
      throw new BuildError("registry_failed", `${formatAddress(address)} is answered with ${found}`);
    }
    return new PulledImage(address, session, { mediaType, digest: found, size: bytes.length });
  }

  async manifest({ digest, mediaType }: Descriptor): Promise<Buffer> {
    const url = this.#session.urlOf(`${this.#address.repository}/manifests/${digest}`);
    const headers = { accept: mediaType || acceptedTypes.join(", ") };
    const bytes = await readAnswer(await this.#session.expect(url, { method: "GET", headers }, [200]));
    if (digestOf(bytes) === digest) return bytes;
    throw new BuildError("registry_failed", `${this.#address.host} answers for ${digest} with something else`);
  }

  async bring(descriptor: Descriptor, layout: ImageLayout): Promise<void> {
    if (await layout.blobs.has(descriptor)) return;
    const url = this.#session.urlOf(`${this.#address.repository}/blobs/${descriptor.digest}`);
    const answer = await this.#session.expect(url, { method: "GET" }, [200]);
    await layout.blobs.take(descriptor, answer.stream);
  }
}
