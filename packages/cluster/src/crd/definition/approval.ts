import { invalid, required } from "../../kinds/validation/errors.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { CustomResourceDefinition } from "../../schema/data/types/apiextensions-v1.ts";

const ANNOTATION = "api-approved.kubernetes.io";

/** Groups of the Kubernetes community need an approval. */
export function approvalErrors(
  { metadata, spec }: CustomResourceDefinition,
  current: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!/(^|\.)(k8s\.io|kubernetes\.io)$/.test(spec.group)) return [];
  const annotation = metadata.annotations?.[ANNOTATION] ?? "";
  const state = stateOf(annotation);
  if (current && stateOf(current.metadata.annotations?.[ANNOTATION] ?? "") === state) return [];
  const field = `metadata.annotations[${ANNOTATION}]`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  const start = `protected groups must have approval annotation "${ANNOTATION}"`;
  switch (state) {
    case "missing":
      return [required(field, `${start}, ${see}`)];
    case "invalid":
      return [invalid(field, annotation, `${start} with either a URL or a reason starting with "unapproved", ${see}`)];
    default:
      return [];
  }
}

type Approval = "missing" | "bypassed" | "approved" | "invalid";

function stateOf(annotation: string): Approval {
  if (annotation === "") return "missing";
  if (annotation.startsWith("unapproved")) return "bypassed";
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\s]+/.test(annotation) ? "approved" : "invalid";
}
