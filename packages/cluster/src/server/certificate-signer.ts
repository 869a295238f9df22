import { certify, type Credentials } from "./tls/certificate.ts";
import { readSigningRequest } from "./tls/signing-request.ts";

export interface CertificateSigner {
  readonly authority: Credentials;
  readonly now: () => Date;
}

interface Wish {
  readonly request: string;
  readonly signerName: string;
  readonly usages: readonly string[];
  readonly seconds: number;
}

const daySeconds = 24 * 60 * 60;
const nodes = "system:nodes";
const clientUsages = new Set(["client auth", "digital signature", "key encipherment"]);
const servingUsages = new Set(["server auth", "digital signature", "key encipherment"]);

/** Signs what was approved, when it is of the kind that its signer signs. */
export function signCertificate({ authority, now }: CertificateSigner, wish: Wish): string {
  const { commonName, organizations, publicKey } = readSigningRequest(wish.request);
  const fault = faultOf(wish, commonName, organizations);
  if (fault !== undefined) throw new Error(fault);
  const isServing = wish.usages.includes("server auth") && !wish.usages.includes("client auth");
  return certify(
    {
      commonName,
      organizations,
      use: isServing ? "server" : "client",
      now: now(),
      days: wish.seconds / daySeconds,
    },
    publicKey,
    authority,
  );
}

function faultOf(
  { signerName, usages }: Wish,
  commonName: string,
  organizations: readonly string[],
): string | undefined {
  const isNode = commonName.startsWith("system:node:") && organizations.length === 1 && organizations[0] === nodes;
  switch (signerName) {
    case "kubernetes.io/kube-apiserver-client":
      return checkUsages(usages, clientUsages, "client auth");
    case "kubernetes.io/kube-apiserver-client-kubelet":
      if (!isNode) return `subject organization is not ${nodes}`;
      return checkUsages(usages, clientUsages, "client auth");
    case "kubernetes.io/kubelet-serving":
      if (!isNode) return `subject organization is not ${nodes}`;
      return checkUsages(usages, servingUsages, "server auth");
    default:
      return undefined;
  }
}

function checkUsages(usages: readonly string[], allowed: ReadonlySet<string>, needed: string): string | undefined {
  const isRight = usages.includes(needed) && usages.every((usage) => allowed.has(usage));
  return isRight ? undefined : `invalid usage for certificate: ${usages.join(", ")}`;
}
