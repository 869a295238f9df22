import type { RbacAuthorizer } from "../../access/rbac/authorizer.ts";
import type { PolicyRule } from "../../access/rbac/policy-rule.ts";
import { answerObject } from "../respond.ts";
import type { SubresourceHandler } from "../server-context.ts";
import { badRequest } from "../status.ts";
import { admit } from "../subresources/admit.ts";
import { canonical, sentObject } from "../subresources/sent-object.ts";
import { apiVersionOf } from "../../kinds/index.ts";

/** All that the asker may do in a namespace. */
export function rulesReview({ rulesFor }: Pick<RbacAuthorizer, "rulesFor">): SubresourceHandler {
  return async (call, context) => {
    const { kind, user } = call;
    const { object } = await sentObject(context, call);
    const { namespace = "" } = (object["spec"] ?? {}) as { namespace?: string };
    await admit(context, call, { operation: "CREATE", object }, () => {
      if (namespace === "") throw badRequest("no namespace on request");
    });
    const { granted, errors } = rulesFor(user, namespace);
    const rules = granted.map(({ rule }) => rule);
    const status = {
      resourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length === 0).map(withoutUrls),
      nonResourceRules: rules
        .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
        .map(({ verbs = [], nonResourceURLs = [] }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
      ...(errors.length === 0 ? {} : { evaluationError: [...new Set(errors)].join(", ") }),
    };
    const answer = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: {}, spec: {}, status };
    return answerObject(call, canonical(context, kind, answer), 201);
  };
}

function withoutUrls({ verbs = [], apiGroups, resources, resourceNames }: PolicyRule): PolicyRule {
  return {
    verbs,
    ...(apiGroups ? { apiGroups } : {}),
    ...(resources ? { resources } : {}),
    ...(resourceNames ? { resourceNames } : {}),
  };
}
