import type { UserInfo } from "../api/api-exchange.ts";

/** What somebody wants to do, as authorizers and reviews see it. */
export type Attributes = ResourceAttributes | PathAttributes;

export interface ResourceAttributes {
  readonly kind: "resource";
  readonly user: UserInfo;
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty when the object itself is meant, as the other empty texts mean "none". */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface PathAttributes {
  readonly kind: "path";
  readonly user: UserInfo;
  readonly verb: string;
  readonly path: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Why, or what stood in the way of finding out; empty when nothing simply allows it. */
  readonly reason: string;
}

/** May do everything, whatever the roles say: by it an administrator mends roles that lock everybody out. */
export const mastersGroup = "system:masters";

/** The sentence of a refusal, after "is forbidden: ". */
export function refusalOf(attributes: Attributes, reason: string): string {
  return `User "${attributes.user.name}" cannot ${attributes.verb} ${whatOf(attributes)}${reason === "" ? "" : `: ${reason}`}`;
}

function whatOf(attributes: Attributes): string {
  if (attributes.kind === "path") return `path "${attributes.path}"`;
  const { resource, subresource, group, namespace } = attributes;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  return `resource "${whole}" in API group "${group}" ${namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`}`;
}
