import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageRecipe } from "./image.ts";

export interface LayerBlob {
  readonly name: string;
  /** `sha256:...` of the tar, which isn't compressed. */
  readonly digest: string;
  readonly size: number;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly architecture: string; readonly os: string };
}

const mediaType = (kind: string): string => `application/vnd.oci.image.${kind}`;

/** Writes an OCI image layout (image-spec 1.1) around layers whose tars are already among its blobs. */
export function writeLayout(folder: string, recipes: readonly ImageRecipe[], blobs: readonly LayerBlob[]): void {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const manifests = recipes.flatMap((recipe): Descriptor[] => {
    const layers = recipe.layers.map((name) => blobOf(name, blobs));
    const config = writeBlob(folder, imageConfig(recipe, layers, architecture));
    const manifest = writeBlob(folder, {
      schemaVersion: 2,
      mediaType: mediaType("manifest.v1+json"),
      config: { mediaType: mediaType("config.v1+json"), ...config },
      layers: layers.map(({ digest, size }) => ({ mediaType: mediaType("layer.v1.tar"), digest, size })),
    });
    return recipe.names.map((name) => ({
      mediaType: mediaType("manifest.v1+json"),
      ...manifest,
      platform: { architecture, os: "linux" },
      annotations: { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": name },
    }));
  });
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const index = { schemaVersion: 2, mediaType: mediaType("index.v1+json"), manifests };
  writeFileSync(join(folder, "index.json"), JSON.stringify(index, null, 2));
}

/** The configuration that a runtime reads; the creation time is fixed so that equal images have equal digests. */
export function imageConfig(recipe: ImageRecipe, layers: readonly LayerBlob[], architecture: string): object {
  const ports = Object.fromEntries((recipe.ports ?? []).map((port) => [`${port}/tcp`, {}]));
  return {
    architecture,
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...(recipe.env ?? [])],
      ...(recipe.entrypoint === undefined ? {} : { Entrypoint: recipe.entrypoint }),
      ...(recipe.command === undefined ? {} : { Cmd: recipe.command }),
      ...(recipe.user === undefined ? {} : { User: recipe.user }),
      WorkingDir: recipe.workingFolder ?? "/",
      ...(recipe.ports === undefined ? {} : { ExposedPorts: ports }),
    },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
    history: layers.map((layer) => ({ created: "1970-01-01T00:00:00Z", created_by: layer.name })),
  };
}

function blobOf(name: string, blobs: readonly LayerBlob[]): LayerBlob {
  const blob = blobs.find((each) => each.name === name);
  if (blob === undefined) throw new TypeError(`no layer ${name} was made`);
  return blob;
}

function writeBlob(folder: string, value: object): { digest: string; size: number } {
  const bytes = Buffer.from(JSON.stringify(value));
  const hash = createHash("sha256").update(bytes).digest("hex");
  mkdirSync(join(folder, "blobs", "sha256"), { recursive: true });
  writeFileSync(join(folder, "blobs", "sha256", hash), bytes);
  return { digest: `sha256:${hash}`, size: bytes.length };
}
