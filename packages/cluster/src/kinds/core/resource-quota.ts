import type { ResourceQuota } from "../../schema/data/types/core-v1.ts";
import { quotaText } from "../quota/cells.ts";
import { defineKind } from "../define-kind.ts";

export const resourceQuota = defineKind<ResourceQuota>({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  shortNames: ["quota"],
  hasStatus: true,
  cells: {
    Request: ({ status }) => quotaText(status, false),
    Limit: ({ status }) => quotaText(status, true),
  },
});
