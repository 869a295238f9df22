import type { PodDisruptionBudget } from "../../schema/data/types/policy-v1.ts";
import { defineKind } from "../define-kind.ts";

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  shortNames: ["pdb"],
  hasStatus: true,
  generationOf: ["spec"],
  cells: {
    "Min Available": ({ spec }) => String(spec.minAvailable ?? "N/A"),
    "Max Unavailable": ({ spec }) => String(spec.maxUnavailable ?? "N/A"),
    "Allowed Disruptions": ({ status }) => status.disruptionsAllowed,
  },
});
