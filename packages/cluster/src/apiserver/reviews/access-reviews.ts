import type { RbacAuthorizer } from "../../access/rbac/authorizer.ts";
import type { Attributes } from "../../access/attributes.ts";
import type { UserInfo } from "../../api/api-exchange.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { answerObject } from "../respond.ts";
import type { SubresourceHandler } from "../server-context.ts";
import { invalid } from "../status.ts";
import { admit } from "../subresources/admit.ts";
import { canonical, sentObject, tracked } from "../subresources/sent-object.ts";

interface Spec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: UserInfo["extra"];
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly fieldSelector?: SelectorAttributes;
  readonly labelSelector?: SelectorAttributes;
}

interface SelectorAttributes {
  readonly rawSelector?: string;
  readonly requirements?: readonly unknown[];
}

export type WhoseAccess = "own" | "somebody's" | "somebody's in a namespace";

/** May somebody do something? The answer is the question with a status. */
export function accessReview(authorize: RbacAuthorizer["authorize"], whose: WhoseAccess): SubresourceHandler {
  return async (call, context) => {
    const sent = await sentObject(context, call);
    const review = tracked(context, call, sent);
    const spec = (review["spec"] ?? {}) as Spec;
    await admit(context, call, { operation: "CREATE", object: review }, () => {
      const errors = faultsOf(review, spec, whose);
      // Kubernetes leaves out what kind of review it is.
      if (errors.length > 0) throw invalid({ group: call.kind.group }, "", errors);
    });
    const { allowed, reason } = authorize(attributesOf(spec, whose === "own" ? call.user : userOf(spec)));
    const status = { allowed, ...(reason === "" ? {} : { reason }) };
    return answerObject(call, canonical(context, call.kind, { ...review, status }), 201);
  };
}

function userOf({ user = "", uid, groups = [], extra }: Spec): UserInfo {
  return { name: user, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
}

function attributesOf({ resourceAttributes: of, nonResourceAttributes: path }: Spec, user: UserInfo): Attributes {
  if (!of) return { kind: "path", user, verb: path?.verb ?? "", path: path?.path ?? "" };
  return {
    kind: "resource",
    user,
    verb: of.verb ?? "",
    group: of.group ?? "",
    version: of.version || "*",
    resource: of.resource ?? "",
    subresource: of.subresource ?? "",
    namespace: of.namespace ?? "",
    name: of.name ?? "",
  };
}

function faultsOf(review: KubeObject, spec: Spec, whose: WhoseAccess): readonly FieldError[] {
  const { resourceAttributes: of, nonResourceAttributes: path, user = "", groups = [] } = spec;
  const { managedFields: _, namespace = "", ...others } = review.metadata;
  const isLocal = whose === "somebody's in a namespace";
  const isNamed = Object.values(others).some((value) => value !== undefined && value !== "");
  return [
    ...(of && path
      ? [fault("nonResourceAttributes", pathText(path), "cannot be specified in combination with resourceAttributes")]
      : []),
    ...(!of && !path
      ? [
          fault(
            "resourceAttributes",
            "null",
            "exactly one of nonResourceAttributes or resourceAttributes must be specified",
          ),
        ]
      : []),
    ...(whose !== "own" && user === "" && groups.length === 0
      ? [fault("user", '""', "at least one of user or group must be specified")]
      : []),
    ...selectorFaults(of?.fieldSelector, "resourceAttributes.fieldSelector"),
    ...selectorFaults(of?.labelSelector, "resourceAttributes.labelSelector"),
    ...(isNamed
      ? [
          {
            ...fault(
              "metadata",
              JSON.stringify(review.metadata),
              isLocal ? "must be empty except for namespace" : "must be empty",
            ),
            field: "metadata",
          },
        ]
      : []),
    ...(isLocal && of && (of.namespace ?? "") !== namespace
      ? [fault("resourceAttributes.namespace", JSON.stringify(of.namespace ?? ""), "must match metadata.namespace")]
      : []),
    ...(isLocal && path ? [fault("nonResourceAttributes", pathText(path), "disallowed on this kind of request")] : []),
  ];
}

function selectorFaults(selector: SelectorAttributes | undefined, at: string): readonly FieldError[] {
  if (!selector) return [];
  const { rawSelector = "", requirements = [] } = selector;
  if (rawSelector !== "" && requirements.length > 0)
    return [
      fault(`${at}.rawSelector`, JSON.stringify(rawSelector), "may not specified at the same time as requirements"),
    ];
  if (rawSelector !== "" || requirements.length > 0) return [];
  return [
    {
      reason: "FieldValueRequired",
      field: `spec.${at}.requirements`,
      message: `Required value: when spec.${at} is specified, requirements or rawSelector is required`,
    },
  ];
}

function pathText({ path = "", verb = "" }: { readonly path?: string; readonly verb?: string }): string {
  return JSON.stringify({ path, verb }).replace('"path"', '"Path"').replace('"verb"', '"Verb"');
}

function fault(field: string, value: string, why: string): FieldError {
  return { reason: "FieldValueInvalid", field: `spec.${field}`, message: `Invalid value: ${value}: ${why}` };
}
