import { defineKind } from "../define-kind.ts";

export const lease = defineKind({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
});
