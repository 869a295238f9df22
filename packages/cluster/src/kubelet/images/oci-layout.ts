import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { KubeletError, systemCodeOf } from "../kubelet-error.ts";
import { manifestBytesMax } from "../limits.ts";
import { formatImageReference, parseImageReference } from "./image-reference.ts";
import type { ImageReference } from "./image-reference.ts";
import { parseDescriptor, parseJson } from "./image-manifest.ts";
import type { BlobSource, Descriptor, FoundImage } from "./image-manifest.ts";

const nameAnnotations = ["org.opencontainers.image.ref.name", "io.containerd.image.name"];

/** Looks an image up in an OCI image layout (a folder with `index.json` and `blobs/`); undefined when it has no image of this name. */
export async function findInLayout(folder: string, reference: ImageReference): Promise<FoundImage | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readSmall(join(folder, "index.json"));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const manifests = parseJson(bytes, "layout")["manifests"];
  if (!Array.isArray(manifests))
    throw new KubeletError("image-invalid", `the index of the layout ${folder} has no manifests`);
  const wanted = formatImageReference(reference);
  const descriptor = manifests.map(parseDescriptor).find((each) => isNamed(each, reference, wanted));
  return descriptor === undefined ? undefined : { source: layoutBlobs(folder), descriptor };
}

function isNamed(descriptor: Descriptor, reference: ImageReference, wanted: string): boolean {
  if (reference.digest !== undefined) return descriptor.digest === reference.digest;
  return nameAnnotations.some((annotation) => {
    const name = descriptor.annotations?.[annotation];
    if (name === undefined) return false;
    try {
      return formatImageReference(parseImageReference(name)) === wanted;
    } catch (error) {
      if (error instanceof KubeletError) return false;
      throw error;
    }
  });
}

function layoutBlobs(folder: string): BlobSource {
  const pathOf = (descriptor: Descriptor): string =>
    join(folder, "blobs", "sha256", descriptor.digest.slice("sha256:".length));
  return {
    read: (descriptor) => readSmall(pathOf(descriptor)),
    stream: async (descriptor) => {
      const { size } = await stat(pathOf(descriptor));
      if (size !== descriptor.size) {
        throw new KubeletError(
          "image-invalid",
          `the blob ${descriptor.digest} has ${size} bytes, not ${descriptor.size}`,
        );
      }
      return createReadStream(pathOf(descriptor), { highWaterMark: 256 * 1024 });
    },
  };
}

async function readSmall(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > manifestBytesMax)
    throw new KubeletError("image-refused", `${path} has ${size} bytes, more than ${manifestBytesMax}`);
  return readFile(path);
}
