import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { assembleImage, type BuiltImage, type PlatformContent } from "../assemble-image.ts";
import { BuildError } from "../build-error.ts";
import type { BuildOptions } from "../build-images.ts";
import { ImageLayout } from "../oci/image-layout.ts";
import { remoteOf, repositoryOf, revisionOf } from "../services/revision.ts";
import { folderOf, type ServiceSource } from "../services/service-source.ts";
import { contextOf } from "./build-context.ts";
import { buildDockerfile, type ContainerTool } from "./container-tool.ts";
import { readDockerArchive } from "./docker-archive.ts";

/** The Dockerfiles of services, built by buildah or Docker, into the same kind of layout. The tool keeps its own cache. */
export async function buildByEngine(tool: ContainerTool, options: BuildOptions): Promise<readonly BuiltImage[]> {
  const layout = await ImageLayout.open(resolve(options.layout));
  const work = join(resolve(options.cache), "engine", randomUUID());
  await mkdir(work, { recursive: true });
  try {
    const images: BuiltImage[] = [];
    for (const source of options.services) {
      const startMs = performance.now();
      const image = await buildOne(tool, source, { options, layout, work });
      images.push({ ...image, durationMs: performance.now() - startMs });
      const service = source.service.metadata.name;
      options.onProgress?.({ service, finished: images.length, total: options.services.length });
    }
    await layout.add(images);
    return images;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface EngineWork {
  readonly options: BuildOptions;
  readonly layout: ImageLayout;
  readonly work: string;
}

async function buildOne(
  tool: ContainerTool,
  source: ServiceSource,
  { options, layout, work }: EngineWork,
): Promise<Omit<BuiltImage, "durationMs">> {
  const { name } = source.service.metadata;
  const { args, dockerfile } = source.service.spec.build;
  const { registry, signal } = options;
  const folder = folderOf(resolve(options.root), source);
  const file = join(folder, dockerfile);
  if (!existsSync(file)) throw new BuildError("invalid_file", `${name} has no ${file}: --engine ${tool} builds that`);
  const repository = repositoryOf(folder);
  const { createdSeconds, revision } = await revisionOf(repository, [folder], signal);
  const url = options.source ?? (await remoteOf(repository, signal));
  const version = options.version ?? "0.0.0";
  const contents: PlatformContent[] = [];
  for (const platform of options.platforms) {
    const archive = join(work, `${name}-${platform.replace("/", "-")}.tar`);
    await buildDockerfile(tool, {
      name,
      context: contextOf(file, folder, repository),
      dockerfile: file,
      arguments: args,
      labels: {
        "org.opencontainers.image.title": name,
        "org.opencontainers.image.version": version,
        ...(revision !== undefined && { "org.opencontainers.image.revision": revision }),
        ...(url !== undefined && { "org.opencontainers.image.source": url }),
      },
      platform,
      createdSeconds: options.createdSeconds ?? createdSeconds,
      archive,
      signal,
    });
    contents.push({ platform, version, ...(await readDockerArchive(archive, layout, signal)) });
  }
  return assembleImage({ service: name, registry }, contents, layout);
}
