import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { KubeletError } from "../kubelet-error.ts";
import { resolveInRoot } from "../images/root-path.ts";
import type { Mount } from "./runtime.ts";

/**
 * A container's file system without mounts: a folder in which the volumes lie where the pod wants them and everything else is a link into
 * the image. A program started from it finds its own files; what it asks for by absolute path it finds when the path was among its
 * arguments or variables, since those are translated.
 */
export class ContainerView {
  readonly root: string;
  readonly #imageRoot: string;
  readonly #volumes: readonly { target: string; place: string }[];

  private constructor(root: string, imageRoot: string, volumes: readonly { target: string; place: string }[]) {
    this.root = root;
    this.#imageRoot = imageRoot;
    // The deepest first, so that /data/cache is not taken for a part of /data.
    this.#volumes = volumes.toSorted((a, b) => b.target.length - a.target.length);
  }

  static make(root: string, imageRoot: string, mounts: readonly Mount[]): ContainerView {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true, mode: 0o700 });
    linkChildren(imageRoot, root);
    const scratch: Mount[] = mounts.some((mount) => normal(mount.target) === "/tmp")
      ? []
      : [{ source: "", target: "/tmp", readOnly: false }];
    const volumes: { target: string; place: string }[] = [];
    for (const mount of [...scratch, ...mounts].toSorted((a, b) => a.target.length - b.target.length)) {
      const place = lay(root, imageRoot, mount);
      if (mount.own !== true) volumes.push({ target: normal(mount.target), place });
    }
    return new ContainerView(root, imageRoot, volumes);
  }

  /** The view of a container that is running already. */
  static reopen(root: string, imageRoot: string, mounts: readonly Mount[]): ContainerView {
    const volumes = mounts
      .filter((mount) => mount.own !== true)
      .map((mount) => ({ target: normal(mount.target), place: placeOf(root, imageRoot, mount.target) }));
    return new ContainerView(root, imageRoot, volumes);
  }

  /** Where a path of the container's is on this machine. */
  locate(path: string): string {
    return placeOf(this.root, this.#imageRoot, path);
  }

  /** An argument or the value of a variable, with the container's paths in it turned into this machine's. */
  translate(text: string): string {
    if (!text.includes("/")) return text;
    const translated = replacePaths(text, this.#volumes);
    if (translated !== text) return translated;
    const equals = text.startsWith("-") ? text.indexOf("=") : -1;
    const path = equals < 0 ? text : text.slice(equals + 1);
    if (!path.startsWith("/") || path === "/") return text;
    const place = this.locate(path);
    return existsSync(place) ? text.slice(0, equals + 1) + place : text;
  }

  /** Folders of a search path: those of the image. */
  searchPath(path: string): string {
    return path
      .split(":")
      .filter((folder) => folder.startsWith("/"))
      .map((folder) => this.locate(folder))
      .join(":");
  }
}

function normal(path: string): string {
  return resolve("/", path);
}

/** Links of the image's own are followed first: /var/run/secrets lies in /run where /var/run is a link. */
function placeOf(root: string, imageRoot: string, path: string): string {
  const inImage = resolveInRoot(imageRoot, join(imageRoot, normal(path)));
  return join(root, inImage === undefined ? normal(path) : relative(imageRoot, inImage));
}

function lay(root: string, imageRoot: string, mount: Mount): string {
  const place = placeOf(root, imageRoot, mount.target);
  if (place === root)
    throw new KubeletError("start-failed", `a volume over ${mount.target} can't be mounted by the process runtime`);
  openFolder(root, dirname(place));
  rmSync(place, { recursive: true, force: true });
  if (mount.source === "") mkdirSync(place, { mode: 0o700 });
  else symlinkSync(mount.source, place);
  return place;
}

/** Turns the link to a folder of the image into a folder of links, all the way down to `folder`. */
function openFolder(root: string, folder: string): void {
  if (folder === root) return;
  openFolder(root, dirname(folder));
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found === undefined) {
    mkdirSync(folder);
    return;
  }
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new KubeletError("start-failed", `no volume can be mounted below the file ${basename(folder)}`);
  }
  const source = readlinkSync(folder);
  rmSync(folder);
  mkdirSync(folder);
  linkChildren(source, folder);
}

function linkChildren(source: string, target: string): void {
  for (const child of readdirSync(source)) symlinkSync(join(source, child), join(target, child));
}

const before = /[\s=:,;"'`(<>|&@]/u;
const after = /[/\s:,;"'`)<>|&?]/u;

/** Replaces paths where they stand as paths of their own or begin one. What has been put in is not looked at again. */
function replacePaths(text: string, volumes: readonly { target: string; place: string }[]): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const previous = text[at - 1];
    const begins = text[at] === "/" && (previous === undefined || before.test(previous));
    const volume = begins ? volumes.find(({ target }) => standsAt(text, target, at)) : undefined;
    result += volume?.place ?? text[at];
    at += volume?.target.length ?? 1;
  }
  return result;
}

function standsAt(text: string, path: string, at: number): boolean {
  const next = text[at + path.length];
  return text.startsWith(path, at) && (next === undefined || after.test(next));
}
