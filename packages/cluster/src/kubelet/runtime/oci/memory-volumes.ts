import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runTool, runToolOrFail } from "../../../network/run-tool.ts";
import type { VolumesInMemory } from "../runtime.ts";

/** Each volume is a file system of its own, so that whoever fills it is told that it is full and takes nothing from others. */
export function volumesInMemory(folder: string): VolumesInMemory {
  return {
    make: async (uid, name, bytesMax) => {
      const place = join(folder, uid, "volumes", name);
      mkdirSync(place, { recursive: true });
      if (mountsBelow(place).length === 0) await mountMemory(place, bytesMax);
      return place;
    },
    remove: (uid) => removeMemory(join(folder, uid)),
  };
}

/** Removes a folder in memory with all that is mounted in it. */
export async function removeMemory(folder: string): Promise<void> {
  const mounts = mountsBelow(folder);
  // Containers of other pods may see the mount for as long as they live: the memory is given back all the same.
  for (const mount of mounts) {
    for (const name of readdirSync(mount)) rmSync(join(mount, name), { recursive: true, force: true });
  }
  if (mounts.length > 0) await runTool(["umount", "--lazy", ...mounts]);
  rmSync(folder, { recursive: true, force: true });
}

/** What is in memory may be secret and isn't written to a disk, where the kernel can promise that. */
async function mountMemory(place: string, bytesMax: number): Promise<void> {
  const size = `size=${bytesMax}`;
  const { code } = await runTool(["mount", "-t", "tmpfs", "-o", `${size},noswap`, "tmpfs", place]);
  if (code !== 0) await runToolOrFail(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place]);
}

/** What is mounted in a folder, or at it; none of our names has a character that the kernel would escape. */
function mountsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  return points.filter((point) => point === real || point.startsWith(`${real}/`));
}
