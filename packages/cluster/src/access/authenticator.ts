import { timingSafeEqual } from "node:crypto";
import type { ApiRequest, Peer, UserInfo } from "../api/api-exchange.ts";
import { unauthorized } from "../apiserver/status.ts";
import type { ServiceAccountTokens } from "./service-accounts/tokens.ts";

/** Says who asks; throws when somebody claims to be who they aren't. */
export type Authenticator = (request: ApiRequest) => UserInfo;

export interface AuthenticatorOptions {
  /** Tokens that are known by heart, such as the administrator's. */
  readonly tokens: ReadonlyMap<string, UserInfo>;
  readonly serviceAccounts: ServiceAccountTokens | undefined;
}

const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };
const authenticated = "system:authenticated";

export function createAuthenticator({ tokens, serviceAccounts }: AuthenticatorOptions): Authenticator {
  return ({ headers, peer }) => {
    if (peer.trustedUser) return peer.trustedUser;
    if (peer.certificate) return userOf(peer.certificate);
    const token = /^bearer +(\S+) *$/i.exec(headers["authorization"] ?? "")?.[1];
    if (token === undefined && peer.hasForeignCertificate) throw unauthorized();
    if (token === undefined) return anonymous;
    const known = [...tokens].find(([each]) => isSame(each, token))?.[1];
    if (known) return withAuthenticated(known);
    const verdict = serviceAccounts?.verify(token);
    if (verdict?.kind === "valid") return verdict.user;
    throw unauthorized();
  };
}

/** A certificate is read once: it comes with every request of its connection. */
function userOf(certificate: Certificate): UserInfo {
  const known = users.get(certificate);
  if (known !== undefined) return known;
  const user = withAuthenticated({ name: certificate.user, groups: certificate.groups });
  users.set(certificate, user);
  return user;
}

type Certificate = NonNullable<Peer["certificate"]>;

const users = new WeakMap<Certificate, UserInfo>();

function withAuthenticated(user: UserInfo): UserInfo {
  return user.groups.includes(authenticated) ? user : { ...user, groups: [...user.groups, authenticated] };
}

/** Takes as long for a token that is nearly right as for any other. */
function isSame(known: string, given: string): boolean {
  const left = Buffer.from(known);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
