import type { Service } from "../../schema/data/types/core-v1.ts";
import { serviceCells } from "../service/cells.ts";
import { defineKind } from "../define-kind.ts";
import { setServiceDefaults } from "../service/defaults.ts";

export const service = defineKind<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  hasStatus: true,
  subresources: [{ name: "proxy", kind: "ServiceProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  setDefaults: setServiceDefaults,
  selectableFields: {
    "spec.clusterIP": ({ spec }) => spec.clusterIP ?? "",
    "spec.type": ({ spec }) => spec.type ?? "",
  },
  cells: serviceCells,
});
