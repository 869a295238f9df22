import { ApiError } from "../../apiserver/status.ts";
import type { Kind, KindRegistry } from "../../kinds/index.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import { dynamicValue } from "../expressions/json-value.ts";
import { inputsOf, withInputs, type Authorize } from "../expressions/inputs.ts";
import { describeRequest, namespaceOf } from "../matching/described-request.ts";
import { isExempt } from "../matching/match-rules.ts";
import { refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";
import { judge, type Finding } from "./judge.ts";
import { matchedKind } from "./matched-kind.ts";
import { paramKindOf, paramsOf } from "./params.ts";
import type { PolicyBinding, ValidatingPolicy } from "./policy-objects.ts";

export interface PolicySurroundings {
  readonly objects: StoredObjects;
  readonly kinds: KindRegistry;
  readonly authorize: Authorize;
}

const policies = "validatingadmissionpolicies.admissionregistration.k8s.io";
const bindings = "validatingadmissionpolicybindings.admissionregistration.k8s.io";

/** Policies in expressions, bound to what they judge. The first refusal is told. */
export function validatingPolicies(around: PolicySurroundings): AdmissionStep {
  const boundPolicies = boundPoliciesOf(around.objects);
  return (request) => {
    if (isExempt(request)) return;
    const bound = boundPolicies();
    if (bound.length === 0) return;
    const [first] = bound.flatMap((each) => judged(around, request, each));
    if (first) throw denied(request, first);
  };
}

interface BoundPolicy {
  readonly policy: ValidatingPolicy;
  readonly bound: readonly PolicyBinding[];
}

/** By their names; those that nothing binds judge nothing. */
function boundPoliciesOf(objects: StoredObjects): () => readonly BoundPolicy[] {
  let version = -1;
  let known: readonly BoundPolicy[] = [];
  return () => {
    // Both only grow.
    const newest = objects.version(policies) + objects.version(bindings);
    if (version === newest) return known;
    version = newest;
    const all = objects.list<PolicyBinding>(bindings).toSorted(byName);
    const byPolicy = Map.groupBy(all, ({ spec }) => spec.policyName);
    known = objects
      .list<ValidatingPolicy>(policies)
      .toSorted(byName)
      .flatMap((policy) => {
        const bound = byPolicy.get(policy.metadata.name ?? "");
        return bound ? [{ policy, bound }] : [];
      });
    return known;
  };
}

function byName(left: ValidatingPolicy | PolicyBinding, right: ValidatingPolicy | PolicyBinding): number {
  return (left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1;
}

interface Refusal extends Finding {
  readonly policy: string;
  /** Empty when the policy itself can't be used. */
  readonly binding: string;
}

function judged(
  around: PolicySurroundings,
  request: AdmissionRequest,
  { policy, bound }: BoundPolicy,
): readonly Refusal[] {
  const { spec, metadata } = policy;
  const kind = matchedKind(around, spec.matchConstraints ?? {}, request);
  if (!kind) return [];
  const named = { policy: metadata.name ?? "", reason: "" };
  const isStrict = spec.failurePolicy !== "Ignore";
  const paramKind = spec.paramKind && paramKindOf(around.kinds, spec.paramKind);
  if (typeof paramKind === "string")
    return isStrict ? [{ ...named, binding: "", message: `failed to configure policy: ${paramKind}` }] : [];
  return bound.flatMap((binding) => {
    const { matchResources, paramRef } = binding.spec;
    if (matchResources && !matchedKind(around, matchResources, request)) return [];
    const params = paramsOf(around.objects, paramKind, { ref: paramRef, namespace: namespaceOf(request) });
    const name = binding.metadata.name ?? "";
    if (params.kind === "failed")
      return isStrict ? [{ ...named, binding: name, message: `failed to configure binding: ${params.message}` }] : [];
    return params.params.flatMap((param) => actedOn(around, request, { policy, binding, kind, param }));
  });
}

interface Bound {
  readonly policy: ValidatingPolicy;
  readonly binding: PolicyBinding;
  readonly kind: Kind;
  readonly param: unknown;
}

function actedOn(
  { objects, authorize }: PolicySurroundings,
  request: AdmissionRequest,
  { policy, binding, kind, param }: Bound,
): readonly Refusal[] {
  const namespace = objects.get("namespaces", "", namespaceOf(request));
  const given = inputsOf({ request, described: describeRequest(request, kind), namespace, authorize });
  const inputs = policy.spec.paramKind ? withInputs(given, { params: dynamicValue(param ?? null) }) : given;
  const { findings, annotations } = judge(policy, inputs);
  Object.assign(request.auditAnnotations, annotations);
  const actions = binding.spec.validationActions ?? [];
  const names = `ValidatingAdmissionPolicy '${policy.metadata.name ?? ""}' with binding '${binding.metadata.name ?? ""}'`;
  if (actions.includes("Warn"))
    request.warnings.push(...findings.map(({ message }) => `Validation failed for ${names}: ${message}`));
  if (actions.includes("Audit") && findings.length > 0) audit(request, { policy, binding, findings });
  if (!actions.includes("Deny")) return [];
  return findings.map((finding) => ({
    ...finding,
    policy: policy.metadata.name ?? "",
    binding: binding.metadata.name ?? "",
  }));
}

const auditKey = "validation.policy.admission.k8s.io/validation_failure";

function audit(
  { auditAnnotations }: AdmissionRequest,
  {
    policy,
    binding,
    findings,
  }: { readonly policy: ValidatingPolicy; readonly binding: PolicyBinding; readonly findings: readonly Finding[] },
): void {
  const told = findings.map(({ message }, expressionIndex) => ({
    message,
    policy: policy.metadata.name,
    binding: binding.metadata.name,
    expressionIndex,
    validationActions: binding.spec.validationActions,
  }));
  const before = JSON.parse(auditAnnotations[auditKey] ?? "[]") as readonly unknown[];
  auditAnnotations[auditKey] = JSON.stringify([...before, ...told]);
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

function denied(request: AdmissionRequest, { policy, binding, message, reason: given }: Refusal): ApiError {
  const names = `ValidatingAdmissionPolicy '${policy}'${binding === "" ? "" : ` with binding '${binding}'`}`;
  const why = `${names} denied request: ${message}`;
  const reason = given || "Invalid";
  const { message: text, details } = refused(request, why);
  return new ApiError(codes[reason] ?? 422, reason, text, { ...details, causes: [{ message: why }] });
}
