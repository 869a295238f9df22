import { invalid } from "../../apiserver/status.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { PolicyBinding, ValidatingPolicy } from "../policies/policy-objects.ts";
import type { Webhook } from "../webhooks/webhook-objects.ts";
import { validateBinding, validatePolicy } from "./validate-policies.ts";
import { validateWebhooks } from "./validate-webhooks.ts";

/**
 * Whether webhooks and policies can be used as they are written. It is here and not with their kinds since it is the expressions of
 * admission that they have to be able to speak.
 */
export const validateConfiguration: AdmissionStep = (request) => {
  const { kind, operation, subresource, object } = request;
  if (kind.group !== "admissionregistration.k8s.io" || subresource !== "" || !object || operation === "DELETE") return;
  const errors = faultsOf(request);
  if (errors.length > 0) throw invalid(kind, object.metadata.name ?? "", errors);
};

function faultsOf({ kind, object }: AdmissionRequest): readonly FieldError[] {
  switch (kind.plural) {
    case "validatingadmissionpolicies":
      return validatePolicy(object as ValidatingPolicy);
    case "validatingadmissionpolicybindings":
      return validateBinding(object as PolicyBinding);
    case "validatingwebhookconfigurations":
    case "mutatingwebhookconfigurations":
      return validateWebhooks((object?.["webhooks"] ?? []) as readonly Webhook[]);
    default:
      return [];
  }
}
