import { BuildError } from "../build-error.ts";
import { digestPattern, type Descriptor } from "./descriptor.ts";

export interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** What is asked of a registry for a name. */
export const acceptedTypes: readonly string[] = [...indexTypes, ...manifestTypes];

export function isManifestType(mediaType: string): boolean {
  return acceptedTypes.includes(mediaType);
}

/** The children of an index, or what makes up one image. */
export function parseManifest(
  bytes: Uint8Array,
  where: string,
):
  | { readonly kind: "index"; readonly manifests: readonly Descriptor[] }
  | ({ readonly kind: "image" } & ImageManifest) {
  const value = parseObject(bytes, where);
  const { manifests, layers, config } = value;
  if (Array.isArray(manifests)) {
    return { kind: "index", manifests: manifests.map((each) => parseDescriptor(each, where)) };
  }
  if (!Array.isArray(layers)) throw invalid(where, "it has neither manifests nor layers");
  return {
    kind: "image",
    config: parseDescriptor(config, where),
    layers: layers.map((each) => parseDescriptor(each, where)),
  };
}

export function parseObject(bytes: Uint8Array, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new BuildError("layout_failed", `${where} is no JSON: remove it and build again`, error);
  }
  if (!isRecord(value)) throw invalid(where, "it is no object");
  return value;
}

function parseDescriptor(value: unknown, where: string): Descriptor {
  if (!isRecord(value)) throw invalid(where, "a descriptor is no object");
  const { mediaType, digest, size, platform, annotations } = value;
  if (typeof digest !== "string" || !digestPattern.test(digest)) throw invalid(where, `it names ${String(digest)}`);
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw invalid(where, `${digest} has no size`);
  return {
    mediaType: typeof mediaType === "string" ? mediaType : "",
    digest,
    size,
    ...(isRecord(platform) && {
      platform: { architecture: String(platform["architecture"]), os: String(platform["os"]) },
    }),
    ...(isRecord(annotations) && { annotations: stringsOf(annotations) }),
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringsOf(value: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function invalid(where: string, why: string): BuildError {
  return new BuildError("layout_failed", `${where} is no image: ${why}`);
}
