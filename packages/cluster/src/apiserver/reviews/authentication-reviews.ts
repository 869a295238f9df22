import type { ServiceAccountTokens } from "../../access/service-accounts/tokens.ts";
import type { UserInfo } from "../../api/api-exchange.ts";
import { apiVersionOf } from "../../kinds/index.ts";
import { answerObject } from "../respond.ts";
import type { SubresourceHandler } from "../server-context.ts";
import { badRequest } from "../status.ts";
import { admit } from "../subresources/admit.ts";
import { canonical, sentObject, tracked } from "../subresources/sent-object.ts";

/** Who am I? */
export const selfSubjectReview: SubresourceHandler = async (call, context) => {
  const { kind, user, now } = call;
  const { object } = await sentObject(context, call);
  await admit(context, call, { operation: "CREATE", object });
  const metadata = { creationTimestamp: now.toISOString().replace(/\.\d+Z$/, "Z") };
  const answer = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata, status: { userInfo: shown(user) } };
  return answerObject(call, canonical(context, kind, answer), 201);
};

export interface TokenReviewOptions {
  readonly tokens: ServiceAccountTokens;
  /** Tokens that are known by heart. */
  readonly known: (token: string) => UserInfo | undefined;
  /** Of the API server itself. */
  readonly audiences: readonly string[];
}

/** Whose token is it? */
export function tokenReview({ tokens, known, audiences: own }: TokenReviewOptions): SubresourceHandler {
  return async (call, context) => {
    const review = tracked(context, call, await sentObject(context, call));
    const { token = "", audiences = [] } = (review["spec"] ?? {}) as { token?: string; audiences?: readonly string[] };
    await admit(context, call, { operation: "CREATE", object: review }, () => {
      if (token === "") throw badRequest("token is required for TokenReview in authentication");
    });
    const status = statusOf(token, audiences.length === 0 ? own : audiences);
    return answerObject(call, canonical(context, call.kind, { ...review, status }), 201);
  };

  function statusOf(token: string, audiences: readonly string[]): Readonly<Record<string, unknown>> {
    const user = known(token);
    if (user) return { authenticated: true, user: shown(user), audiences };
    const verdict = tokens.verify(token, audiences);
    switch (verdict.kind) {
      case "valid":
        return { authenticated: true, user: shown(verdict.user), audiences: verdict.audiences };
      case "not ours":
        return { user: {}, error: "invalid bearer token" };
      case "invalid":
        return { user: {}, error: `[invalid bearer token, ${verdict.reason}]` };
    }
  }
}

function shown({ name, uid, groups, extra }: UserInfo): Readonly<Record<string, unknown>> {
  return {
    username: name,
    ...(uid === undefined || uid === "" ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined || Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
