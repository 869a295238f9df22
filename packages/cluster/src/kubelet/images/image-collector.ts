import type { RecordedEvent } from "../pods/event-recorder.ts";
import { imageCollection } from "../limits.ts";
import type { ImageRoot, ImageStore } from "./image-store.ts";

/** How full a disk is. */
export interface DiskUsage {
  readonly capacityBytes: number;
  readonly availableBytes: number;
  /** How many files it can have, and how many more. */
  readonly inodes?: number;
  readonly inodesFree?: number;
}

export interface ImageCollectorOptions {
  readonly images: Pick<ImageStore, "roots" | "remove">;
  /** The disk that unpacked images are on. */
  readonly disk: () => DiskUsage;
  /** The roots of all images that pods have or are about to need. */
  readonly used: () => ReadonlySet<string>;
  /** Images that no pod has used for longer go however much room there is; left out or 0: none do. */
  readonly ageMsMax?: number;
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
  readonly #begunAt: number;
  #isFirstLook = true;

  constructor(options: ImageCollectorOptions) {
    this.#options = options;
    this.#begunAt = options.now().getTime();
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

  /** Removes what is too old, and makes room when the disk is too full; answers how many roots went. */
  async collect(): Promise<number> {
    const { disk, tell } = this.#options;
    this.look();
    const old = await this.#removeOld();
    const { capacityBytes, availableBytes } = disk();
    if (capacityBytes === 0) {
      const message = "invalid capacity 0 on image filesystem";
      tell({ type: "Warning", reason: "InvalidDiskCapacity", message });
      return old;
    }
    const usedPercent = 100 - Math.floor((Math.min(availableBytes, capacityBytes) * 100) / capacityBytes);
    if (usedPercent < imageCollection.highPercent) return old;
    const wanted = Math.floor((capacityBytes * (100 - imageCollection.lowPercent)) / 100);
    const removed = await this.#removeUntil(wanted);
    const left = disk().availableBytes;
    if (left < wanted) {
      const freed = Math.max(0, left - availableBytes);
      const message = `Insufficient free disk space on the node's image filesystem (${usedPercent}% of ${sizeText(capacityBytes)} used). Failed to free sufficient space by deleting unused images (freed ${freed} bytes). Investigate disk usage, as it could be used by active images, logs, volumes, or other data.`;
      tell({ type: "Warning", reason: "FreeDiskSpaceFailed", message });
    }
    return old + removed;
  }

  /** Removes all that nobody uses: a last resort before pods have to go. */
  async removeUnused(): Promise<number> {
    this.look();
    return this.#removeUntil(Number.POSITIVE_INFINITY);
  }

  async #removeUntil(availableBytes: number): Promise<number> {
    const { disk, now } = this.#options;
    const youngest = now().getTime() - imageCollection.ageMsMin;
    let removed = 0;
    while (disk().availableBytes < availableBytes && (await this.#removeOne(({ firstSeen }) => firstSeen <= youngest)))
      removed += 1;
    return removed;
  }

  /** What was used before this began is not known: nothing is too old before so much time has gone since. */
  async #removeOld(): Promise<number> {
    const { ageMsMax = 0, now } = this.#options;
    const before = now().getTime() - ageMsMax;
    let removed = 0;
    if (ageMsMax === 0 || this.#begunAt >= before) return removed;
    while (await this.#removeOne(({ firstSeen, lastUsed }) => Math.max(firstSeen, lastUsed) < before)) removed += 1;
    return removed;
  }

  /** The longest unused of those that may go. Anew for each: pods begin meanwhile, and first layers are free when the last image with them is gone. */
  async #removeOne(mayGo: (known: Known) => boolean): Promise<boolean> {
    const { images, used } = this.#options;
    const roots = images.roots();
    const kept = withBases(used(), roots);
    for (const { bases } of roots) for (const base of bases) kept.add(base);
    const free = roots.flatMap(({ path }) => {
      const known = this.#known.get(path);
      return known === undefined || kept.has(path) || !mayGo(known) ? [] : [{ path, ...known }];
    });
    const [next] = free.toSorted((left, right) => left.lastUsed - right.lastUsed || left.firstSeen - right.firstSeen);
    if (next === undefined || !(await images.remove(next.path))) return false;
    this.#known.delete(next.path);
    return true;
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
