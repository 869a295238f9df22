import { defineKind } from "../define-kind.ts";

export const certificateSigningRequest = defineKind({
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  shortNames: ["csr"],
  namespaced: false,
  hasStatus: true,
  subresources: [{ name: "approval", kind: "CertificateSigningRequest", verbs: ["get", "patch", "update"] }],
});
