import { reportToTerminal } from "../machine/report.ts";
import { missingToolsLine } from "../machine/tools.ts";
import { stepSeconds } from "./limits.ts";
import { controlPlane, failed, passed, type Step } from "./step.ts";

export const renderedState: Step = {
  title: "the real API server takes all that is rendered, and makes of it what the embedded one makes",
  seconds: stepSeconds.renderedState,
  binaries: controlPlane,
  obstacle: () => missingToolsLine(["openssl"]),
  run: async () => {
    const { compareServers } = await import("../rendered-state/compare-servers.ts");
    const { objects, findings, conforming } = await compareServers(reportToTerminal);
    const judged = conforming === undefined ? "kubeconform is not there" : `${conforming} conform for kubeconform`;
    if (findings.length === 0) return passed(`${objects} objects; ${judged}`);
    return failed(`${findings.length} findings in ${objects} objects:\n    ${findings.slice(0, 40).join("\n    ")}`);
  },
};
