import type { KubeObject } from "../../object/kube-object.ts";
import { validateCertificateRequestUpdate } from "../../kinds/certificate/validate.ts";
import type { CertificateSigningRequest } from "../../schema/data/types/certificates-v1.ts";
import { withStrategy } from "./other-strategy.ts";

/** What waits for the content of a namespace to go, in its spec: `namespaces/finalize`. With none left a deleted namespace goes. */
export const finalizeNamespace = withStrategy(["update"], () => ({
  prepareForUpdate: (next, current) => {
    if (current["status"] === undefined) delete next["status"];
    else next["status"] = current["status"];
  },
  validateUpdate: () => [],
}));

interface SigningRequest extends KubeObject {
  status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status?: string;
  readonly lastUpdateTime?: string | null;
  readonly lastTransitionTime?: string | null;
}

/** Whether somebody may have a certificate, and nothing else: `certificatesigningrequests/approval`. */
export const approveCertificate = withStrategy(["get", "update", "patch"], (_, now) => ({
  prepareForUpdate: (next, current) => {
    const { conditions } = (next as SigningRequest).status ?? {};
    const before = (current as SigningRequest).status ?? {};
    const { conditions: __, ...status } = before;
    next["spec"] = current["spec"];
    next["status"] = {
      ...status,
      ...(conditions ? { conditions: conditions.map((each) => timed(each, before.conditions ?? [], now)) } : {}),
    };
  },
  validateUpdate: (next, current) =>
    validateCertificateRequestUpdate(
      next as unknown as CertificateSigningRequest,
      current as unknown as CertificateSigningRequest,
      "approval",
    ),
}));

function timed(condition: Condition, before: readonly Condition[], now: Date): Condition {
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  const same = before.find(({ type, status }) => type === condition.type && status === condition.status);
  return {
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? time,
    lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? time,
  };
}
