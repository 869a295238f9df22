// Bundles the command line into dist/: one entry, a chunk for each command, so that `fairway --version` loads nothing else;
// and each microservice into its own dist/.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { buildServices } from "./build-services.ts";

const root = join(import.meta.dirname, "../..");
const outputDir = join(root, "dist");

const bundle = await rolldown({
  input: { fairway: join(root, "packages/cli/src/main.ts") },
  platform: "node",
  // The store has a part in C++ and the bundler one in Rust, found beside their packages.
  external: [/^node:/, "lmdb", "rolldown"],
  treeshake: { moduleSideEffects: false },
  onLog(level, log, report) {
    // A warning in the bundle is a bug that nobody reads: it fails the build.
    report(level === "warn" ? "error" : level, log);
  },
});
rmSync(outputDir, { recursive: true, force: true });
await bundle.write({ dir: outputDir, format: "esm", sourcemap: true, chunkFileNames: "chunks/[name]-[hash].js" });
await bundle.close();
// Files that are read at run time, where the chunks look for them.
cpSync(join(root, "packages/templates/templates"), join(outputDir, "templates"), { recursive: true });
await buildServices();
