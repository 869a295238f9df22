import type { CertificateSigningRequest } from "../../schema/data/types/certificates-v1.ts";
import { humanDuration } from "../cells/age.ts";
import { defineKind } from "../define-kind.ts";
import { validateCertificateRequest, validateCertificateRequestUpdate } from "../certificate/validate.ts";
import { pathSegmentName } from "../validation/names.ts";

export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  shortNames: ["csr"],
  namespaced: false,
  hasStatus: true,
  subresources: [{ name: "approval", kind: "CertificateSigningRequest", verbs: ["get", "patch", "update"] }],
  resetFields: { object: [["spec"], ["status"]], status: [["spec"], ["status", "conditions"]] },
  prepareForCreate: ({ spec }, { name, uid, groups, extra }) => {
    spec.username = name;
    spec.groups = [...groups];
    if (uid) spec.uid = uid;
    else delete spec.uid;
    if (extra && Object.keys(extra).length > 0) spec.extra = { ...extra } as NonNullable<typeof spec.extra>;
    else delete spec.extra;
  },
  prepareForUpdate: (next, current) => {
    next.spec = current.spec;
  },
  selectableFields: { "spec.signerName": ({ spec }) => spec.signerName },
  nameRule: pathSegmentName,
  updateChecks: ["new", "rest", "change"],
  validate: validateCertificateRequest,
  validateUpdate: (next, current) => validateCertificateRequestUpdate(next, current, "object"),
  validateStatusUpdate: (next, current) => validateCertificateRequestUpdate(next, current, "status"),
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
