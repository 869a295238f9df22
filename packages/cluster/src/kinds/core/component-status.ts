import type { ComponentStatus } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";

export const componentStatus = defineKind<ComponentStatus>({
  group: "",
  version: "v1",
  kind: "ComponentStatus",
  plural: "componentstatuses",
  shortNames: ["cs"],
  namespaced: false,
  verbs: ["get", "list"],
  deprecation: "v1 ComponentStatus is deprecated in v1.19+",
  cells: {
    Status: ({ conditions }) => {
      const healthy = conditions?.find(({ type }) => type === "Healthy");
      if (!healthy) return "Unknown";
      return healthy.status === "True" ? "Healthy" : "Unhealthy";
    },
    Message: ({ conditions }) => conditions?.find(({ type }) => type === "Healthy")?.message ?? "",
    Error: ({ conditions }) => conditions?.find(({ type }) => type === "Healthy")?.error ?? "",
  },
});
