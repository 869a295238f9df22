import type { UserInfo } from "../../api/api-exchange.ts";
import type { KubeObject } from "../../object/kube-object.ts";

/** Who issues tokens that live in secrets, and don't expire: a name, since no discovery document tells of them. */
export const secretIssuer = "kubernetes/serviceaccount";

const prefix = "kubernetes.io/serviceaccount/";

export interface SecretTokenOf {
  readonly account: KubeObject;
  readonly secret: KubeObject;
}

type LookUp = (resource: "serviceaccounts" | "secrets", namespace: string, name: string) => KubeObject | undefined;

export function secretTokenClaims({ account, secret }: SecretTokenOf): Readonly<Record<string, unknown>> {
  const { namespace = "", name = "", uid = "" } = account.metadata;
  return {
    iss: secretIssuer,
    [`${prefix}namespace`]: namespace,
    [`${prefix}secret.name`]: secret.metadata.name ?? "",
    [`${prefix}service-account.name`]: name,
    [`${prefix}service-account.uid`]: uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

/** It is valid as long as it is what the secret holds and the account is there. Answers the reason when it isn't. */
export function judgeSecretToken(
  claims: Readonly<Record<string, unknown>>,
  token: string,
  lookUp: LookUp,
): UserInfo | string {
  const [namespace, secretName, name, uid] = [
    "namespace",
    "secret.name",
    "service-account.name",
    "service-account.uid",
  ].map((field) => textOf(claims[`${prefix}${field}`]));
  if (!namespace || !secretName || !name || !uid) return "the claims of the token are not complete";
  const secret = lookUp("secrets", namespace, secretName);
  const data = (secret?.["data"] as Readonly<Record<string, string>> | undefined)?.["token"] ?? "";
  const isHeld = Buffer.from(data, "base64").toString("utf8") === token;
  if (secret?.metadata.deletionTimestamp !== undefined || !isHeld) return "service account token has been invalidated";
  const account = lookUp("serviceaccounts", namespace, name);
  if (account === undefined) return `serviceaccounts "${name}" not found`;
  if (account.metadata.uid !== uid) {
    return `service account UID (${account.metadata.uid ?? ""}) does not match claim (${uid})`;
  }
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
