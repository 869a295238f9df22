import type { LimitRange } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateLimitRange } from "../limits/validate.ts";

export const limitRange = defineKind<LimitRange>({
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  nullWhenEmpty: ["spec.limits"],
  shortNames: ["limits"],
  setDefaults: ({ spec }) => {
    for (const item of spec.limits ?? []) {
      if (item.type !== "Container") continue;
      const limits = { ...item.max, ...item.default };
      const requests = { ...item.min, ...limits, ...item.defaultRequest };
      if (Object.keys(limits).length > 0) item.default = limits;
      if (Object.keys(requests).length > 0) item.defaultRequest = requests;
    }
  },
  createsOnUpdate: true,
  updateChecks: ["new", "whole"],
  validate: validateLimitRange,
});
