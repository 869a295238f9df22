import type { ResourceQuota } from "../../schema/data/types/core-v1.ts";
import { quotaText } from "../quota/cells.ts";
import { defineKind } from "../define-kind.ts";
import { validateQuota, validateQuotaStatus, validateQuotaUpdate } from "../quota/validate.ts";
import { compareQuantities } from "../../object/quantity.ts";

export const resourceQuota = defineKind<ResourceQuota>({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  shortNames: ["quota"],
  hasStatus: true,
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
  validateStatusUpdate: validateQuotaStatus,
  warnings: ({ spec: { hard = {} } }) =>
    ["cpu", "memory", "ephemeral-storage"].flatMap((name) => {
      const own = [`requests.${name}`, ...(name === "ephemeral-storage" ? [] : [name])].find((each) => hard[each]);
      const [request, limit] = [hard[own ?? ""], hard[`limits.${name}`]];
      if (own === undefined || limit === undefined || compareQuantities(request, limit) <= 0) return [];
      return [`ResourceQuota ${own} (${request}) should be less than limits.${name} (${limit})`];
    }),
  cells: {
    Request: ({ status }) => quotaText(status, false),
    Limit: ({ status }) => quotaText(status, true),
  },
});
