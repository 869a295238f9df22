import type { APIService } from "../../schema/data/types/apiregistration-v1.ts";
import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";
import { validateApiService, validateApiServiceStatus } from "./validate.ts";

export const apiService = defineKind<APIService>({
  group: "apiregistration.k8s.io",
  version: "v1",
  kind: "APIService",
  plural: "apiservices",
  categories: ["api-extensions"],
  namespaced: false,
  nameRule: pathSegmentName,
  hasStatus: true,
  // Groups of this very server are there from the beginning.
  prepareForCreate: (service) => {
    if (service.spec.service) return;
    const lastTransitionTime = service.metadata.creationTimestamp ?? null;
    const message = "Local APIServices are always available";
    service.status.conditions = [{ type: "Available", status: "True", lastTransitionTime, reason: "Local", message }];
  },
  setDefaults: ({ spec }) => {
    if (spec.service) spec.service.port ??= 443;
  },
  hasStandardFinalizers: false,
  validate: validateApiService,
  validateStatusUpdate: validateApiServiceStatus,
  cells: {
    Service: ({ spec: { service } }) => (service ? `${service.namespace ?? ""}/${service.name ?? ""}` : "Local"),
    Available: ({ status }) => {
      const available = status.conditions?.find(({ type }) => type === "Available");
      if (!available) return "Unknown";
      return available.status === "True" ? "True" : `${available.status} (${available.reason ?? ""})`;
    },
  },
});
