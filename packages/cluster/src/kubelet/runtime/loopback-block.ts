import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The second numbers of the loopback addresses of a kubelet's pods and services. */
export interface LoopbackBlock {
  readonly pods: number;
  readonly services: number;
  /** Once no pod has an address any more. */
  readonly release: () => void;
}

const firstOfPods = 64;
const blocks = 64;

/**
 * The block of a folder, which no other kubelet of this user has: two clusters side by side would bind the same addresses. A block is claimed by a
 * link that names the folder, and is free again when it is released or the folder is gone; a kubelet that was killed finds its own again, because
 * its pods may still run there. Where nothing can be claimed, or all are, clusters share a block by chance.
 */
export function claimLoopbackBlock(folder: string, claims = claimsOfUser()): LoopbackBlock {
  const wished = (createHash("sha256").update(folder).digest()[0] ?? 0) % blocks;
  try {
    mkdirSync(claims, { recursive: true, mode: 0o700 });
    const owner = realpathSync(folder);
    const all = Array.from({ length: blocks }, (_, step) => firstOfPods + ((wished + step) % blocks));
    const linkOf = (block: number): string => join(claims, String(block));
    const mine =
      all.find((block) => ownerOf(linkOf(block)) === owner) ?? all.find((block) => claim(linkOf(block), owner));
    if (mine !== undefined) return { ...blockAt(mine), release: () => release(linkOf(mine), owner) };
  } catch {
    // A machine without a place for temporary files has room for one cluster all the same.
  }
  return { ...blockAt(firstOfPods + wished), release: () => undefined };
}

function blockAt(pods: number): Omit<LoopbackBlock, "release"> {
  return { pods, services: pods + blocks };
}

function claimsOfUser(): string {
  return join(tmpdir(), `fairway-loopback-${process.getuid?.() ?? "user"}`);
}

/** Making a link is atomic: of two who try at once one wins. */
function claim(link: string, owner: string): boolean {
  const other = ownerOf(link);
  if (other !== undefined && existsSync(other)) return false;
  rmSync(link, { force: true });
  try {
    symlinkSync(owner, link);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function ownerOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function release(link: string, owner: string): void {
  if (ownerOf(link) === owner) rmSync(link, { force: true });
}
