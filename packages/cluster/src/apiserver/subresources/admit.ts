import type { AdmissionRequest } from "../../admission/admission.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { namespaceOf, isDryRun, type Call } from "../call.ts";
import type { ServerContext } from "../server-context.ts";

export interface Asked {
  readonly operation: AdmissionRequest["operation"];
  readonly object: KubeObject | undefined;
  readonly old?: KubeObject;
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * Asks admission about what is not stored as it comes: reviews, and what is done to objects by their subresources. What is between
 * changing and judging, the validation of the request itself, is the caller's.
 */
export async function admit(
  context: ServerContext,
  call: Call,
  { operation, object, old, options = {} }: Asked,
  validate: () => void = () => undefined,
): Promise<void> {
  const { admission } = context;
  const about: Omit<AdmissionRequest, "object" | "old"> = {
    operation,
    kind: call.kind,
    ...(object && call.info.subresource !== "" ? { objectKind: kindOf(object) } : {}),
    subresource: call.info.subresource,
    namespace: namespaceOf(call),
    name: call.info.name,
    user: call.user,
    dryRun: isDryRun(call),
    options,
    warnings: call.warnings,
    auditAnnotations: call.annotations,
  };
  const request = { ...about, object, old };
  const isAsked = admission.remote.isAsked(about);
  for (const step of admission.mutating) step(request);
  if (isAsked) await admission.remote.mutate(request);
  validate();
  for (const step of admission.validating) step(request);
  if (isAsked) await admission.remote.validate(request);
}

function kindOf({ apiVersion, kind }: KubeObject): AdmissionRequest["objectKind"] {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(0, slash)), version: apiVersion.slice(slash + 1), kind };
}
