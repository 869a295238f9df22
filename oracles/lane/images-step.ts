import { reportToTerminal } from "../machine/report.ts";
import { stepSeconds } from "./limits.ts";
import { failed, passed, type Step } from "./step.ts";

export const imagesRun: Step = {
  title: "images built without Docker run unmodified in runc, containerd, podman and Docker",
  seconds: stepSeconds.images,
  binaries: [],
  obstacle: () => undefined,
  run: async ({ whole }) => {
    const { runImages } = await import("../images-run/command.ts");
    const runs = await runImages({ ...(whole ? {} : { languages: ["typescript"] }), report: reportToTerminal });
    const lines = (outcome: string): readonly string[] =>
      runs
        .filter((run) => run.outcome === outcome)
        .map(({ engine, language, text }) => `${engine}, ${language}: ${text}`);
    if (lines("failed").length > 0) return failed(lines("failed").join("\n"));
    const [ran, skipped] = [lines("passed"), lines("skipped")];
    if (ran.length === 0) return { kind: "skipped", text: skipped.join("; ") };
    return passed([`${ran.length} times`, ...skipped.map((each) => `skipped: ${each}`)].join("; "));
  },
};
