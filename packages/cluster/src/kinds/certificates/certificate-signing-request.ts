import type { CertificateSigningRequest } from "../../schema/data/types/certificates-v1.ts";
import { humanDuration } from "../cells/age.ts";
import { defineKind } from "../define-kind.ts";

export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  shortNames: ["csr"],
  namespaced: false,
  hasStatus: true,
  subresources: [{ name: "approval", kind: "CertificateSigningRequest", verbs: ["get", "patch", "update"] }],
  cells: {
    SignerName: ({ spec }) => spec.signerName || "<none>",
    Requestor: ({ spec }) => spec.username ?? "",
    RequestedDuration: ({ spec }) =>
      spec.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds),
    Condition: ({ status }) => {
      const has = (type: string): boolean => status.conditions?.some((condition) => condition.type === type) ?? false;
      const parts = [has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending"];
      if (has("Failed")) parts.push("Failed");
      if (status.certificate) parts.push("Issued");
      return parts.join(",");
    },
  },
});
