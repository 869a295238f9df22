import type { PodWorker } from "../pods/pod-worker.ts";

/** What each of a pod's containers has of the machine's memory and would not give up by itself. */
export async function podMemory({ slots }: PodWorker): Promise<{ name: string; bytes: number }[]> {
  const found: { name: string; bytes: number }[] = [];
  for (const { active, container } of slots) {
    const usage = await active?.running.usage();
    if (usage !== undefined) found.push({ name: container.name, bytes: usage.memoryBytes });
  }
  return found;
}
