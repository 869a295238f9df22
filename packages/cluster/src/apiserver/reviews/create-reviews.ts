import type { RbacAuthorizer } from "../../access/rbac/authorizer.ts";
import type { SubresourceHandler } from "../server-context.ts";
import { accessReview } from "./access-reviews.ts";
import { selfSubjectReview, tokenReview, type TokenReviewOptions } from "./authentication-reviews.ts";
import { bindPod } from "../subresources/binding.ts";
import { rulesReview } from "./rules-review.ts";

export interface ReviewsOptions extends TokenReviewOptions {
  readonly rbac: RbacAuthorizer;
}

/** The kinds that are asked and not stored, for `ServerContext.reviews`. */
export function createReviews(options: ReviewsOptions): ReadonlyMap<string, SubresourceHandler> {
  const { rbac } = options;
  return new Map<string, SubresourceHandler>([
    ["bindings.", bindPod],
    ["subjectaccessreviews.authorization.k8s.io", accessReview(rbac.authorize, "somebody's")],
    ["localsubjectaccessreviews.authorization.k8s.io", accessReview(rbac.authorize, "somebody's in a namespace")],
    ["selfsubjectaccessreviews.authorization.k8s.io", accessReview(rbac.authorize, "own")],
    ["selfsubjectrulesreviews.authorization.k8s.io", rulesReview(rbac)],
    ["selfsubjectreviews.authentication.k8s.io", selfSubjectReview],
    ["tokenreviews.authentication.k8s.io", tokenReview(options)],
  ]);
}
