import type { Service } from "../../schema/data/types/core-v1.ts";
import { serviceCells } from "../service/cells.ts";
import { defineKind } from "../define-kind.ts";
import { setServiceDefaults } from "../service/defaults.ts";
import { dropForeignFields } from "../service/prepare.ts";
import { validateServiceStatus, validateServiceUpdate } from "../service/validate-update.ts";
import { validateService } from "../service/validate.ts";
import { serviceWarnings } from "../service/warnings.ts";
import { label1035Name } from "../validation/names.ts";

export const service = defineKind<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  hasStatus: true,
  nameRule: label1035Name,
  subresources: [{ name: "proxy", kind: "ServiceProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  selectableFields: {
    "spec.clusterIP": ({ spec }) => spec.clusterIP ?? "",
    "spec.type": ({ spec }) => spec.type ?? "",
  },
  setDefaults: setServiceDefaults,
  prepareForUpdate: dropForeignFields,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: validateServiceStatus,
  warnings: serviceWarnings,
  createsOnUpdate: true,
  cells: serviceCells,
});
