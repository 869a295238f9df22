import type { LayerBlob } from "./blob-folder.ts";
import type { Architecture } from "../elf/elf-file.ts";

/** How a container of the image is run. */
export interface RunSettings {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** `NAME=value` */
  readonly environment: readonly string[];
  readonly port: number;
  /** `SIGTERM` unless the program understands another one better. */
  readonly stopSignal?: string;
}

export interface ImageLabels {
  readonly title: string;
  readonly description?: string;
  readonly version: string;
  readonly source?: string;
  readonly revision?: string;
  readonly baseName?: string;
  readonly baseDigest?: string;
}

export interface ImageParts {
  readonly architecture: Architecture;
  readonly layers: readonly LayerBlob[];
  readonly run: RunSettings;
  readonly labels: ImageLabels;
  /** Seconds since 1970. */
  readonly createdSeconds: number;
}

/** Nobody of the machine: distroless images use the same number. */
export const imageUser = 65532;
export const workingFolder = "app";

/** The configuration of an image, with its fields in one fixed order. */
export function imageConfig({ architecture, layers, run, labels, createdSeconds }: ImageParts): object {
  const created = isoSeconds(createdSeconds);
  return {
    created,
    architecture,
    os: "linux",
    config: {
      User: `${imageUser}:${imageUser}`,
      ExposedPorts: { [`${run.port}/tcp`]: {} },
      Env: [...run.environment, `PORT=${run.port}`, "HOST=0.0.0.0"].toSorted(),
      Entrypoint: run.entrypoint,
      Cmd: run.command,
      WorkingDir: `/${workingFolder}`,
      Labels: labelsOf(labels, created),
      StopSignal: run.stopSignal ?? "SIGTERM",
    },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created, created_by: "fairway build" })),
  };
}

function labelsOf(labels: ImageLabels, created: string): Readonly<Record<string, string>> {
  const prefix = "org.opencontainers.image.";
  const { baseDigest, baseName, description, revision, source, title, version } = labels;
  const named = {
    "base.digest": baseDigest,
    "base.name": baseName,
    created,
    description,
    revision,
    source,
    title,
    version,
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[`${prefix}${name}`, value]])),
  );
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
