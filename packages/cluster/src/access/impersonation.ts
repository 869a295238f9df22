import type { ApiRequest, UserInfo } from "../api/api-exchange.ts";
import { badRequest, forbidden } from "../apiserver/status.ts";
import { refusalOf, type Attributes, type Decision } from "./attributes.ts";

/** Who somebody acts as, by the `Impersonate-*` headers; each part of it has to be allowed. */
export function impersonated(
  request: ApiRequest,
  asker: UserInfo,
  authorize: (attributes: Attributes) => Decision,
): UserInfo {
  const { headers } = request;
  if (!isImpersonating(headers)) return asker;
  const name = headers["impersonate-user"];
  const groups = listOf(headers["impersonate-group"]);
  const uid = headers["impersonate-uid"];
  const extra = extraOf(headers);
  if (name === undefined || name === "") {
    if (groups.length > 0 || uid !== undefined || extra.length > 0)
      throw badRequest(`requested [${partsOf({ groups, uid, extra }).join(" ")}] without impersonating a user`);
    return asker;
  }
  for (const wanted of wantedOf({ name, groups, uid, extra })) {
    const attributes = { kind: "resource", user: asker, verb: "impersonate", version: "", ...wanted } as const;
    const decision = authorize(attributes);
    if (!decision.allowed)
      throw forbidden(
        { group: wanted.group, plural: wanted.resource },
        wanted.name,
        refusalOf(attributes, decision.reason),
      );
  }
  return {
    name,
    groups: completed(name, groups),
    ...(uid === undefined ? {} : { uid }),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  };
}

/** Nearly nobody does. */
function isImpersonating(headers: ApiRequest["headers"]): boolean {
  for (const name in headers) if (name.startsWith("impersonate-")) return true;
  return false;
}

/** As Go prints the references that the headers stand for. */
function partsOf({ groups, uid, extra }: Pick<Parts, "groups" | "uid" | "extra">): readonly string[] {
  return [
    ...groups.map((group) => `{Group  ${group}    }`),
    ...extra.flatMap(([key, values]) =>
      values.map((value) => `{UserExtra  ${value}  authentication.k8s.io/v1  ${key}}`),
    ),
    ...(uid === undefined ? [] : [`{UID  ${uid}  authentication.k8s.io/v1  }`]),
  ];
}

/** Who somebody wants to be. */
interface Parts {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid: string | undefined;
  readonly extra: readonly (readonly [string, readonly string[]])[];
}

interface Wanted {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

function wantedOf({ name, groups, uid, extra }: Parts): readonly Wanted[] {
  const none = { group: "", subresource: "", namespace: "" };
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const authentication = { ...none, group: "authentication.k8s.io" };
  return [
    account
      ? { ...none, resource: "serviceaccounts", namespace: account[1] ?? "", name: account[2] ?? "" }
      : { ...none, resource: "users", name },
    ...groups.map((group) => ({ ...none, resource: "groups", name: group })),
    ...(uid === undefined ? [] : [{ ...authentication, resource: "uids", name: uid }]),
    ...extra.flatMap(([key, values]) =>
      values.map((value) => ({ ...authentication, resource: "userextras", subresource: key, name: value })),
    ),
  ];
}

/** Whoever acts as a service account has its groups; and everybody is authenticated, or anonymous. */
function completed(name: string, groups: readonly string[]): readonly string[] {
  const namespace = /^system:serviceaccount:([^:]+):/.exec(name)?.[1];
  const own =
    groups.length > 0 || namespace === undefined
      ? groups
      : ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  const status = name === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  return own.includes(status) || own.includes("system:unauthenticated") ? own : [...own, status];
}

function extraOf(headers: ApiRequest["headers"]): readonly (readonly [string, readonly string[]])[] {
  const prefix = "impersonate-extra-";
  return Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [decoded(name.slice(prefix.length)), listOf(value)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`the header Impersonate-Extra-${text} can't be decoded`);
  }
}

/** Node joins headers of the same name by a comma and a space. */
function listOf(value: string | undefined): readonly string[] {
  return value === undefined || value === "" ? [] : value.split(", ");
}
