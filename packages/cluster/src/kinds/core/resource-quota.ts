import type { ResourceQuota } from "../../schema/data/types/core-v1.ts";
import { quotaText } from "../quota/cells.ts";
import { defineKind } from "../define-kind.ts";
import { validateQuota, validateQuotaStatus, validateQuotaUpdate } from "../quota/validate.ts";

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
  cells: {
    Request: ({ status }) => quotaText(status, false),
    Limit: ({ status }) => quotaText(status, true),
  },
});
