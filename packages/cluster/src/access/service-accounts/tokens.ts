import { randomUUID, type KeyObject } from "node:crypto";
import type { UserInfo } from "../../api/api-exchange.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { judgeSecretToken, secretIssuer, secretTokenClaims, type SecretTokenOf } from "./secret-tokens.ts";
import { issuerOf, publicJwk, readJwt, signingKey, signJwt } from "./jwt.ts";

export interface TokenOptions {
  /** The `iss` of tokens and the address of the discovery document. */
  readonly issuer: string;
  /** Who may be meant when a token or review names no audience: the API server itself. */
  readonly audiences: readonly string[];
  readonly privateKey: KeyObject;
  readonly now: () => Date;
  readonly lookUp: LookUp;
}

/** What a token speaks of has to be there still, with the same uid. */
export type LookUp = (
  resource: "serviceaccounts" | "pods" | "secrets" | "nodes",
  namespace: string,
  name: string,
) => KubeObject | undefined;

export interface TokenWish {
  readonly serviceAccount: KubeObject;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly boundTo?: { readonly kind: "Pod" | "Secret" | "Node"; readonly object: KubeObject };
  /** Of a pod that is bound to one. */
  readonly node?: { readonly name: string; readonly uid?: string };
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export type TokenVerdict =
  | { readonly kind: "valid"; readonly user: UserInfo; readonly audiences: readonly string[] }
  /** Somebody else's token: another authenticator may know it. */
  | { readonly kind: "not ours" }
  | { readonly kind: "invalid"; readonly reason: string };

export interface ServiceAccountTokens {
  readonly issue: (wish: TokenWish) => IssuedToken;
  /** One that doesn't expire: it is valid as long as the secret holds it. */
  readonly issueForSecret: (of: SecretTokenOf) => string;
  /** Valid for at least one of the audiences. */
  readonly verify: (token: string, audiences?: readonly string[]) => TokenVerdict;
  /** `/.well-known/openid-configuration` and `/openid/v1/jwks`, with which others check our tokens. */
  readonly discovery: () => { readonly configuration: unknown; readonly keys: unknown };
}

/** Clocks of two machines may differ by this. */
const leewaySeconds = 60;

/**
 * Who asks for a token of about an hour gets one for a year and is warned: old clients that never read it again go on working. It is told by
 * the odd number that the default volume of pods asks for.
 */
const projectedSeconds = 3_607;
const extendedSeconds = 365 * 24 * 60 * 60;

interface Ref {
  readonly name: string;
  readonly uid?: string | undefined;
}

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly sub: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: Ref;
    readonly pod?: Ref;
    readonly secret?: Ref;
    readonly node?: Ref;
    readonly warnafter?: number;
  };
}

export function createServiceAccountTokens(options: TokenOptions): ServiceAccountTokens {
  const key = signingKey(options.privateKey);
  return {
    issue: (wish) => {
      const claims = claimsFor(wish, options);
      const expiresAt = new Date((claims.iat + wish.expirationSeconds) * 1_000);
      return { token: signJwt(key, { ...claims }), expiresAt };
    },
    issueForSecret: (of) => signJwt(key, secretTokenClaims(of)),
    verify: (token, audiences = options.audiences) => {
      if (issuerOf(token) === secretIssuer) return secretVerdict(readJwt(key, token), { token, audiences }, options);
      if (issuerOf(token) !== options.issuer) return { kind: "not ours" };
      const claims = readJwt(key, token) as Claims | undefined;
      return claims ? verdict(claims, audiences, options) : { kind: "invalid", reason: "invalid signature" };
    },
    discovery: () => ({
      configuration: {
        issuer: options.issuer,
        jwks_uri: `${options.issuer.replace(/\/$/, "")}/openid/v1/jwks`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
      keys: { keys: [publicJwk(key)] },
    }),
  };
}

function secretVerdict(
  claims: Readonly<Record<string, unknown>> | undefined,
  { token, audiences }: { readonly token: string; readonly audiences: readonly string[] },
  options: TokenOptions,
): TokenVerdict {
  if (!claims) return { kind: "invalid", reason: "invalid signature" };
  const meant = options.audiences.filter((audience) => audiences.includes(audience));
  if (meant.length === 0) return { kind: "invalid", reason: "the token is meant for the API server alone" };
  const judged = judgeSecretToken(claims, token, options.lookUp);
  return typeof judged === "string"
    ? { kind: "invalid", reason: judged }
    : { kind: "valid", user: judged, audiences: meant };
}

function claimsFor(
  { serviceAccount, audiences, expirationSeconds, boundTo, node }: TokenWish,
  { issuer, now }: TokenOptions,
): Claims {
  const at = Math.floor(now().getTime() / 1_000);
  const isExtended = boundTo?.kind === "Pod" && expirationSeconds === projectedSeconds;
  const { namespace = "", name = "" } = serviceAccount.metadata;
  return {
    aud: audiences,
    exp: at + (isExtended ? extendedSeconds : expirationSeconds),
    iat: at,
    iss: issuer,
    jti: randomUUID(),
    "kubernetes.io": {
      namespace,
      ...(boundTo?.kind === "Node" ? { node: refOf(boundTo.object) } : node ? { node } : {}),
      ...(boundTo?.kind === "Pod" ? { pod: refOf(boundTo.object) } : {}),
      ...(boundTo?.kind === "Secret" ? { secret: refOf(boundTo.object) } : {}),
      serviceaccount: refOf(serviceAccount),
      ...(isExtended ? { warnafter: at + expirationSeconds } : {}),
    },
    nbf: at,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

function verdict(claims: Claims, audiences: readonly string[], options: TokenOptions): TokenVerdict {
  const fault = timeFault(claims, options.now()) ?? objectFault(claims, options);
  if (fault !== undefined) return { kind: "invalid", reason: fault };
  const meant = claims.aud.filter((audience) => audiences.includes(audience));
  if (meant.length === 0)
    return {
      kind: "invalid",
      reason: `token audiences [${quoted(claims.aud)}] is invalid for the target audiences [${quoted(audiences)}]`,
    };
  return { kind: "valid", user: userOf(claims), audiences: meant };
}

function timeFault({ exp, nbf, iat }: Claims, now: Date): string | undefined {
  const seconds = now.getTime() / 1_000;
  if (seconds - leewaySeconds > exp) return "service account token has expired";
  if (seconds + leewaySeconds < nbf) return "service account token is not valid yet";
  return seconds + leewaySeconds < iat ? "service account token is issued in the future" : undefined;
}

function objectFault(claims: Claims, { lookUp, now }: TokenOptions): string | undefined {
  const { namespace, serviceaccount, pod, secret, node } = claims["kubernetes.io"];
  const isGone = (object: KubeObject | undefined, ref: Ref): boolean =>
    object === undefined || object.metadata.uid !== ref.uid || isDeleted(object, now());
  const account = lookUp("serviceaccounts", namespace, serviceaccount.name);
  if (!account) return `serviceaccounts "${serviceaccount.name}" not found`;
  if (account.metadata.uid !== serviceaccount.uid)
    return `service account UID (${account.metadata.uid}) does not match claim (${serviceaccount.uid})`;
  if (isDeleted(account, now())) return `service account ${namespace}/${serviceaccount.name} has been deleted`;
  const invalidated = "service account token has been invalidated";
  if (secret && isGone(lookUp("secrets", namespace, secret.name), secret)) return invalidated;
  if (pod && isGone(lookUp("pods", namespace, pod.name), pod)) return invalidated;
  // The node of a bound pod is told for information; a token bound to the node itself ends with it.
  return node && !pod && isGone(lookUp("nodes", "", node.name), node) ? invalidated : undefined;
}

function isDeleted({ metadata: { deletionTimestamp } }: KubeObject, now: Date): boolean {
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < now.getTime() - leewaySeconds * 1_000;
}

function userOf({ jti, sub, "kubernetes.io": { namespace, serviceaccount, pod, node } }: Claims): UserInfo {
  const prefix = "authentication.kubernetes.io/";
  return {
    name: sub,
    ...(serviceaccount.uid === undefined ? {} : { uid: serviceaccount.uid }),
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    extra: {
      [`${prefix}credential-id`]: [`JTI=${jti}`],
      ...(node ? { [`${prefix}node-name`]: [node.name] } : {}),
      ...(node?.uid === undefined ? {} : { [`${prefix}node-uid`]: [node.uid] }),
      ...(pod ? { [`${prefix}pod-name`]: [pod.name] } : {}),
      ...(pod?.uid === undefined ? {} : { [`${prefix}pod-uid`]: [pod.uid] }),
    },
  };
}

function refOf({ metadata: { name = "", uid } }: KubeObject): Ref {
  return { name, uid };
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join(" ");
}
