import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { BuiltImage } from "../assemble-image.ts";
import type { ImageSettings } from "../build-image.ts";
import { systemCodeOf } from "../build-error.ts";
import { isManifestType, parseManifest } from "../oci/manifest.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { ImageLayout } from "../oci/image-layout.ts";
import { listSources } from "../services/service-files.ts";
import { revisionOf, type Revision } from "../services/revision.ts";
import { folderOf, type ServiceSource } from "../services/service-source.ts";
import { changedMs, fileMark } from "./file-mark.ts";

/** Part of every mark: a change of how images are made makes them anew. */
const recipe = "2";

interface BuildRecord {
  readonly mark: string;
  /** Files outside of the service's folder. */
  readonly inputs: readonly string[];
  readonly image: BuiltImage;
  /** The commit that was checked out, and the one that changed the service last. */
  readonly head: string;
  readonly revision: Revision;
}

/** What was built from the very same files with the same options, if all of it is still in the layout. */
export async function findBuild(source: ServiceSource, settings: ImageSettings): Promise<BuiltImage | undefined> {
  const record = await readRecord(pathOf(source, settings));
  if (record === undefined || record.mark !== markOf(source, settings, record.inputs)) return undefined;
  if (!(await isWhole(record.image.descriptor, settings.layout))) return undefined;
  if (record.head === settings.head) return record.image;
  // Another commit need not be one of this service.
  const { repository, root, signal } = settings;
  const revision = await revisionOf(repository, [folderOf(root, source), ...record.inputs], signal);
  if (!isDeepStrictEqual(revision, { ...record.revision, revision: record.revision.revision })) return undefined;
  await writeRecord(pathOf(source, settings), { ...record, head: settings.head });
  return record.image;
}

export interface FinishedBuild {
  readonly image: BuiltImage;
  readonly inputs: readonly string[];
  readonly revision: Revision;
  readonly startedMs: number;
}

export async function rememberBuild(
  source: ServiceSource,
  settings: ImageSettings,
  { image, inputs, revision, startedMs }: FinishedBuild,
): Promise<void> {
  const own = listSources(folderOf(settings.root, source)).map((file) => file.source);
  // Of a file that was saved meanwhile nobody knows which state went into the image.
  if ([...own, ...inputs].some((each) => changedMs(each) >= startedMs)) return;
  const { head } = settings;
  await writeRecord(pathOf(source, settings), {
    mark: markOf(source, settings, inputs),
    inputs,
    image,
    head,
    revision,
  });
}

async function writeRecord(path: string, record: BuildRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomUUID()}.part`;
  await writeFile(part, JSON.stringify(record));
  await rename(part, path);
}

function pathOf({ service }: ServiceSource, { cache, layout, platforms, root }: ImageSettings): string {
  const key = hash([root, layout.folder, ...platforms]).slice(0, 16);
  return join(cache, "builds", `${service.metadata.name}-${key}.json`);
}

/** Of everything that can change an image: the options, the service's own folder with what is new in it, and all that was read elsewhere. */
function markOf(source: ServiceSource, settings: ImageSettings, inputs: readonly string[]): string {
  const { base, createdSeconds, libraries, platforms, registry, version } = settings;
  const options = [base, createdSeconds, libraries, platforms.join(), registry, settings.source, version].map(String);
  const own = listSources(folderOf(settings.root, source)).map((file) => file.source);
  return hash([recipe, process.version, ...options, JSON.stringify(source), ...[...own, ...inputs].map(fileMark)]);
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

async function isWhole(descriptor: Descriptor, layout: ImageLayout): Promise<boolean> {
  if (!(await layout.blobs.has(descriptor))) return false;
  if (!isManifestType(descriptor.mediaType)) return true;
  const manifest = parseManifest(await layout.blobs.read(descriptor.digest), descriptor.digest);
  const children = manifest.kind === "index" ? manifest.manifests : [manifest.config, ...manifest.layers];
  for (const child of children) if (!(await isWhole(child, layout))) return false;
  return true;
}

/** The file is the cache's own; one that a crash damaged is a service that has to be built again. */
async function readRecord(path: string): Promise<BuildRecord | undefined> {
  try {
    const value: BuildRecord = JSON.parse(await readFile(path, "utf8"));
    return typeof value.mark === "string" && Array.isArray(value.inputs) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
