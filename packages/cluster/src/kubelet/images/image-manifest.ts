import { createHash } from "node:crypto";
import { KubeletError } from "../kubelet-error.ts";
import { indexDepthMax, layersMax } from "../limits.ts";

/** A descriptor of the OCI image specification (and, field for field, of Docker's older one). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly architecture?: string; readonly os?: string; readonly variant?: string };
}

export interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** What an image says about how it wants to be run. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly workingFolder: string;
  readonly user: string;
  readonly stopSignal: string | undefined;
  readonly diffIds: readonly string[];
}

/** Where blobs of one image come from. */
export interface BlobSource {
  /** A small blob, whole; its digest is checked by the caller. */
  readonly read: (descriptor: Descriptor) => Promise<Buffer>;
  /** A layer, as it arrives. */
  readonly stream: (descriptor: Descriptor) => Promise<AsyncIterable<Uint8Array>>;
}

/** An image that was found: where its blobs are, and the descriptor of its manifest or index. */
export interface FoundImage {
  readonly source: BlobSource;
  readonly descriptor: Descriptor;
}

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
export const manifestTypes = [
  ...indexTypes,
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const digestPattern = /^sha256:[0-9a-f]{64}$/u;

/** Reads a blob and holds it against its digest and size. */
export async function readVerified(source: BlobSource, descriptor: Descriptor): Promise<Buffer> {
  const bytes = await source.read(descriptor);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (digest !== descriptor.digest) {
    throw new KubeletError(
      "image-invalid",
      `the blob ${descriptor.digest} has the digest ${digest}: it was changed or cut off`,
    );
  }
  return bytes;
}

/** Follows indexes down to the manifest for this machine. */
export async function readManifest(
  found: FoundImage,
  architecture: string,
): Promise<{ manifest: ImageManifest; descriptor: Descriptor }> {
  let descriptor = found.descriptor;
  for (let depth = 0; depth <= indexDepthMax; depth += 1) {
    const value = parseJson(await readVerified(found.source, descriptor), "manifest");
    const children = value["manifests"];
    if (!Array.isArray(children)) return { manifest: parseManifest(value), descriptor };
    descriptor = choosePlatform(children.map(parseDescriptor), architecture);
  }
  throw new KubeletError("image-refused", `the image's indexes are nested more than ${indexDepthMax} deep`);
}

function choosePlatform(children: readonly Descriptor[], architecture: string): Descriptor {
  const fits = children.find((child) => child.platform?.os === "linux" && child.platform.architecture === architecture);
  const anyPlatform = children.find((child) => child.platform === undefined);
  const chosen = fits ?? anyPlatform;
  if (chosen === undefined) {
    const offered = children
      .map((child) => `${child.platform?.os ?? "?"}/${child.platform?.architecture ?? "?"}`)
      .join(", ");
    throw new KubeletError(
      "image-not-found",
      `no match for platform in manifest: it has ${offered}, not linux/${architecture}`,
    );
  }
  return chosen;
}

function parseManifest(value: Readonly<Record<string, unknown>>): ImageManifest {
  const layers = value["layers"];
  if (!Array.isArray(layers)) throw new KubeletError("image-invalid", "the manifest has no layers");
  if (layers.length > layersMax) {
    throw new KubeletError("image-refused", `the image has ${layers.length} layers, more than ${layersMax}`);
  }
  return { config: parseDescriptor(value["config"]), layers: layers.map(parseDescriptor) };
}

export function parseDescriptor(value: unknown): Descriptor {
  if (!isRecord(value)) throw new KubeletError("image-invalid", "a descriptor of the image is no object");
  const { mediaType, digest, size, annotations, platform } = value;
  if (typeof digest !== "string" || !digestPattern.test(digest)) {
    throw new KubeletError("image-invalid", `a descriptor's digest is ${JSON.stringify(digest)}, not a SHA-256`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw new KubeletError("image-invalid", `the size of ${digest} is ${JSON.stringify(size)}`);
  }
  return {
    mediaType: typeof mediaType === "string" ? mediaType : "",
    digest,
    size,
    ...(isRecord(annotations) ? { annotations: stringsOf(annotations) } : {}),
    ...(isRecord(platform) ? { platform: stringsOf(platform) } : {}),
  };
}

export function parseImageConfig(bytes: Buffer): ImageConfig {
  const value = parseJson(bytes, "configuration");
  const config = isRecord(value["config"]) ? value["config"] : {};
  const rootfs = isRecord(value["rootfs"]) ? value["rootfs"] : {};
  return {
    entrypoint: stringList(config["Entrypoint"]),
    command: stringList(config["Cmd"]),
    environment: stringList(config["Env"]),
    workingFolder: typeof config["WorkingDir"] === "string" ? config["WorkingDir"] : "",
    user: typeof config["User"] === "string" ? config["User"] : "",
    stopSignal: typeof config["StopSignal"] === "string" ? config["StopSignal"] : undefined,
    diffIds: stringList(rootfs["diff_ids"]),
  };
}

export function parseJson(bytes: Buffer, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new KubeletError("image-invalid", `the image's ${what} is no JSON`, error);
  }
  if (!isRecord(value)) throw new KubeletError("image-invalid", `the image's ${what} is no JSON object`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringsOf(value: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function stringList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
