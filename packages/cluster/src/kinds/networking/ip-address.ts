import { defineKind } from "../define-kind.ts";

export const ipAddress = defineKind({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IPAddress",
  plural: "ipaddresses",
  shortNames: ["ip"],
  namespaced: false,
});
