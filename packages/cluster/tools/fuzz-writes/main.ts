import { fuzzWrites } from "./fuzz.ts";

/** `fuzz-writes [INPUTS] [SEED]` */
const inputs = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
console.log(`${inputs} inputs from seed ${seed}`);
fuzzWrites(inputs, seed);
console.log("nothing found");
