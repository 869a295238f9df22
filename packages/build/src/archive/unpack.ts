import { createReadStream } from "node:fs";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { BuildError } from "../build-error.ts";

/** A layer's tar as it is unpacked. */
export function unpack(path: string, mediaType: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const unpacker = unpackerFor(mediaType);
  if (unpacker === undefined) return file;
  file.on("error", (error) => unpacker.destroy(error));
  return file.pipe(unpacker);
}

function unpackerFor(
  mediaType: string,
): ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress> | undefined {
  if (mediaType.endsWith("gzip")) return createGunzip();
  if (mediaType.endsWith("+zstd")) return createZstdDecompress();
  if (mediaType.endsWith(".tar")) return undefined;
  throw new BuildError("image_not_found", `a layer has the type ${mediaType}: tar, tar+gzip and tar+zstd can be read`);
}
