import { whyNoOci } from "../embedded/start-embedded.ts";
import { whyNoNode } from "../kubernetes/index.ts";
import { reportToTerminal } from "../machine/report.ts";
import { formatComparison } from "../same-objects/command.ts";
import { whyNoRegistry } from "../shop-on-both/registry-for-both.ts";
import { stepSeconds } from "./limits.ts";
import { failed, node, passed, type Step } from "./step.ts";

export const shopOnBothStep: Step = {
  title: "the shop is the same on the real one-node Kubernetes and on the embedded cluster",
  seconds: stepSeconds.shop,
  binaries: node,
  obstacle: () => whyNoNode() ?? whyNoOci() ?? whyNoRegistry(),
  run: async () => {
    const { shopOnBoth } = await import("../shop-on-both/shop-on-both.ts");
    const { comparison } = await shopOnBoth(reportToTerminal);
    process.stdout.write(formatComparison(comparison));
    const { compared, different } = comparison;
    if (different.length > 0) return failed(`${different.length} of ${compared} objects differ, see above`);
    return passed(`${compared} objects; a customer's walk on both`);
  },
};
