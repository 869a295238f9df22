import { randomUUID } from "node:crypto";
import { ordered } from "../../apiserver/respond.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest } from "../admission.ts";
import type { DescribedRequest } from "../matching/described-request.ts";

/** What a webhook answered, as far as it is an answer. */
export interface ReviewAnswer {
  readonly allowed: boolean;
  readonly result: ReviewResult | undefined;
  readonly patch: string | undefined;
  readonly patchType: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

export interface ReviewResult {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const versions = ["v1", "v1beta1"];

/** The newest form that both know; undefined when there is none. */
export function reviewVersion(accepted: readonly string[]): string | undefined {
  return accepted.find((version) => versions.includes(version));
}

export interface Review {
  readonly uid: string;
  readonly version: string;
  readonly body: string;
}

export function reviewOf(request: AdmissionRequest, described: DescribedRequest, version: string): Review {
  const uid = randomUUID();
  const { name, operation, user, dryRun, options } = request;
  const { kind, resource, subresource, requestKind, requestResource, namespace, object, old } = described;
  const body = {
    kind: "AdmissionReview",
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      uid,
      kind,
      resource,
      ...(subresource === "" ? {} : { subResource: subresource }),
      requestKind,
      requestResource,
      ...(subresource === "" ? {} : { requestSubResource: subresource }),
      ...(name === "" ? {} : { name }),
      ...(namespace === "" ? {} : { namespace }),
      operation,
      userInfo: {
        ...(user.name === "" ? {} : { username: user.name }),
        ...(user.uid ? { uid: user.uid } : {}),
        ...(user.groups.length > 0 ? { groups: user.groups } : {}),
        ...(user.extra && Object.keys(user.extra).length > 0 ? { extra: user.extra } : {}),
      },
      object: shown(object),
      oldObject: shown(old),
      dryRun,
      options: Object.keys(options).length === 0 ? null : options,
    },
  };
  return { uid, version, body: JSON.stringify(body) };
}

function shown(object: KubeObject | undefined): KubeObject | null {
  return object ? ordered(object) : null;
}

interface Response {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: ReviewResult | null;
  readonly patch?: string | null;
  readonly patchType?: string | null;
  readonly warnings?: readonly string[] | null;
  readonly auditAnnotations?: Readonly<Record<string, string>> | null;
}

/** The answer, or what is wrong with it. */
export function answerIn(body: unknown, { uid, version }: Review, mayPatch: boolean): ReviewAnswer | string {
  const {
    response,
    apiVersion = "",
    kind = "",
  } = (body ?? {}) as {
    response?: Response | null;
    apiVersion?: string;
    kind?: string;
  };
  if (!response) return "webhook response was absent";
  const { allowed = false, status, patch, patchType, warnings, auditAnnotations } = response;
  if (version === "v1") {
    if (response.uid !== uid)
      return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`;
    if (apiVersion !== "admission.k8s.io/v1" || kind !== "AdmissionReview")
      return `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion}, Kind=${kind}`;
    const fault = patchFault(patch ?? "", patchType ?? undefined, mayPatch);
    if (fault !== undefined) return fault;
  }
  return {
    allowed,
    result: status ?? undefined,
    patch: mayPatch && patch ? patch : undefined,
    patchType: version === "v1" ? (patchType ?? "") : "JSONPatch",
    warnings: warnings ?? [],
    auditAnnotations: auditAnnotations ?? {},
  };
}

function patchFault(patch: string, patchType: string | undefined, mayPatch: boolean): string | undefined {
  if (!mayPatch) {
    if (patch !== "") return "validating webhook may not return response.patch";
    return patchType === undefined ? undefined : "validating webhook may not return response.patchType";
  }
  if (patch !== "" && patchType === undefined) return "webhook returned response.patch but not response.patchType";
  if (patch === "" && patchType !== undefined) return "webhook returned response.patchType but not response.patch";
  return patchType === "" ? `webhook returned invalid response.patchType of ""` : undefined;
}
