// The proof that nothing is lost, done twice or left over: node packages/shop-tests/chaos.ts --orders 2000 --seed 1
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./src/chaos/run-chaos.ts";

const { values } = parseArgs({
  options: {
    orders: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    pause: { type: "string", default: "2500" },
    folder: { type: "string" },
  },
});

const report = await runChaos({
  folder: values.folder ?? mkdtempSync(join(tmpdir(), "shop-chaos-")),
  orders: Number(values.orders),
  seed: Number(values.seed),
  pauseMs: Number(values.pause),
  say: (line) => process.stdout.write(`${line}\n`),
});

const { broken, ...rest } = report;
process.stdout.write(`${JSON.stringify(rest, null, 2)}\n`);
for (const line of broken.slice(0, 50)) process.stdout.write(`BROKEN: ${line}\n`);
process.stdout.write(broken.length === 0 ? "All invariants hold.\n" : `${broken.length} invariants are broken.\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
