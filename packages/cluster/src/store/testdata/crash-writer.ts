// Writes without pause, and says each write that was acknowledged, until somebody kills it. Every write is to two keys, one after the
// other, so that a lost or half write shows as a difference.
import { openLmdbStore } from "../index.ts";

const [folder = "", writers = "8"] = process.argv.slice(2);
const store = await openLmdbStore({ folder });
const padding = "x".repeat(1_500);
process.stdout.write("open\n");
await Promise.all(
  Array.from({ length: Number(writers) }, async (_, writer) => {
    for (let count = Number(store.get(`/n/${writer}`)?.value.toString().split(" ")[0] ?? 0) + 1; ; count++) {
      await store.write({ key: `/n/${writer}`, decide: () => Buffer.from(`${count} ${padding}`) });
      process.stdout.write(`${writer} ${count}\n`);
      if (count % 50 === 0) await store.compact(store.revision - 20);
    }
  }),
);
