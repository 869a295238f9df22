import type { RecordedEvent } from "../pods/event-recorder.ts";
import { imageCollection } from "../limits.ts";
import type { ImageRoot, ImageStore } from "./image-store.ts";

/** How full a disk is. */
export interface DiskUsage {
  readonly capacityBytes: number;
  readonly availableBytes: number;
}

export interface ImageCollectorOptions {
  readonly images: Pick<ImageStore, "roots" | "remove">;
  /** The disk that unpacked images are on. */
  readonly disk: () => DiskUsage;
  /** The roots of all images that pods have or are about to need. */
  readonly used: () => ReadonlySet<string>;
  readonly now: () => Date;
  /** Says something about the node. */
  readonly tell: (event: RecordedEvent) => void;
}

interface Known {
  readonly firstSeen: number;
  lastUsed: number;
}

/**
 * Removes unpacked images that no pod uses when the disk is too full, the longest unused first, until there is room again. What images were unpacked
 * from, a layout or a registry, has them still.
 */
export class ImageCollector {
  readonly #options: ImageCollectorOptions;
  readonly #known = new Map<string, Known>();
  #isFirstLook = true;

  constructor(options: ImageCollectorOptions) {
    this.#options = options;
  }

  /** Notes what is there and what is used: images have the age that they were seen at. */
  look(): void {
    const { images, used, now } = this.#options;
    const at = now().getTime();
    const roots = images.roots();
    const inUse = withBases(used(), roots);
    const paths = new Set(roots.map(({ path }) => path));
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
    for (const path of paths) {
      // What was there before is older than anybody here knows.
      const known = this.#known.get(path) ?? { firstSeen: this.#isFirstLook ? 0 : at, lastUsed: 0 };
      if (inUse.has(path)) known.lastUsed = at;
      this.#known.set(path, known);
    }
    this.#isFirstLook = false;
  }

  /** Makes room when the disk is too full; answers how many roots went. */
  async collect(): Promise<number> {
    const { disk, tell } = this.#options;
    this.look();
    const { capacityBytes, availableBytes } = disk();
    if (capacityBytes === 0) {
      const message = "invalid capacity 0 on image filesystem";
      tell({ type: "Warning", reason: "InvalidDiskCapacity", message });
      return 0;
    }
    const usedPercent = 100 - Math.floor((Math.min(availableBytes, capacityBytes) * 100) / capacityBytes);
    if (usedPercent < imageCollection.highPercent) return 0;
    const wanted = Math.floor((capacityBytes * (100 - imageCollection.lowPercent)) / 100);
    const removed = await this.#removeUntil(wanted);
    const left = disk().availableBytes;
    if (left < wanted) {
      const freed = Math.max(0, left - availableBytes);
      const message = `Insufficient free disk space on the node's image filesystem (${usedPercent}% of ${sizeText(capacityBytes)} used). Failed to free sufficient space by deleting unused images (freed ${freed} bytes). Investigate disk usage, as it could be used by active images, logs, volumes, or other data.`;
      tell({ type: "Warning", reason: "FreeDiskSpaceFailed", message });
    }
    return removed;
  }

  /** Removes all that nobody uses: a last resort before pods have to go. */
  async removeUnused(): Promise<number> {
    this.look();
    return this.#removeUntil(Number.POSITIVE_INFINITY);
  }

  async #removeUntil(availableBytes: number): Promise<number> {
    const { images, disk } = this.#options;
    let removed = 0;
    while (disk().availableBytes < availableBytes) {
      // Anew for each: a pod may have begun meanwhile, and first layers are free when the last image that begins with them is gone.
      const next = this.#oldestUnused();
      if (next === undefined || !(await images.remove(next))) return removed;
      this.#known.delete(next);
      removed += 1;
    }
    return removed;
  }

  #oldestUnused(): string | undefined {
    const { images, used, now } = this.#options;
    const youngest = now().getTime() - imageCollection.ageMsMin;
    const roots = images.roots();
    const kept = withBases(used(), roots);
    for (const { bases } of roots) for (const base of bases) kept.add(base);
    const free = roots.flatMap(({ path }) => {
      const known = this.#known.get(path);
      return known === undefined || kept.has(path) || known.firstSeen > youngest ? [] : [{ path, ...known }];
    });
    free.sort((left, right) => left.lastUsed - right.lastUsed || left.firstSeen - right.firstSeen);
    return free[0]?.path;
  }
}

/** With an image its first layers are used. */
function withBases(used: ReadonlySet<string>, roots: readonly ImageRoot[]): Set<string> {
  return new Set([...used, ...roots.flatMap(({ path, bases }) => (used.has(path) ? bases : []))]);
}

/** `251.3 GiB` */
function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit] ?? ""}`;
}
