import { fuzzObjects } from "./fuzz-objects.ts";
import { fuzzWrites } from "./fuzz.ts";

/** `fuzz-writes [INPUTS] [SEED] [writes|objects]` */
const inputs = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const part = process.argv[4];
console.log(`${inputs} inputs from seed ${seed}`);
if (part !== "objects") fuzzWrites(inputs, seed);
if (part !== "writes") fuzzObjects(inputs, seed);
console.log("nothing found");
