import { join } from "node:path";
import { run } from "../machine/run.ts";
import { missingToolsLine } from "../machine/tools.ts";
import { stepSeconds } from "./limits.ts";
import { failed, passed, type Step } from "./step.ts";

export const rustTemplate: Step = {
  title: "a new service in Rust passes its tests and keeps the runtime contract",
  seconds: stepSeconds.rust,
  binaries: [],
  obstacle: () => missingToolsLine(["cargo"]),
  run: async () => {
    const root = join(import.meta.dirname, "..", "..");
    const file = "packages/templates/src/templates.test.ts";
    const command = [process.execPath, "--test", "--test-name-pattern=in rust", file];
    const { code, stdout } = await run(command, { cwd: root, env: { FAIRWAY_TEST_REAL: "1" } });
    return code === 0 ? passed("by cargo") : failed(stdout.trim().split("\n").slice(-20).join("\n"));
  },
};
