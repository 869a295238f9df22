import { createPrivateKey, generateKeyPair, X509Certificate, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { issueCertificate, type CertificateWish, type Credentials } from "./certificate.ts";

/** What a cluster proves itself with. All of it is made once and kept, so that kubeconfigs and tokens outlive a start. */
export interface ClusterCredentials {
  readonly authority: Credentials;
  readonly server: Credentials;
  /** In the group `system:masters`, which nothing is forbidden. */
  readonly administrator: Credentials;
  /** With this the API server shows the kubelet who it is. */
  readonly kubeletClient: Credentials;
  readonly frontProxy: FrontProxy;
  readonly tokenKey: KeyObject;
}

/** With this the API server tells servers that extend it whose requests it hands on. Its authority is good for nothing else. */
export interface FrontProxy {
  readonly authority: Credentials;
  readonly client: Credentials;
}

export const frontProxyName = "front-proxy-client";
const authorityDays = 3_650;
const certificateDays = 365;
/** Certificates that end sooner are made anew at a start. */
const renewalDays = 30;
const dayMs = 24 * 60 * 60 * 1000;
const clusterNames = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** Reads them from the folder and makes what is missing; without a folder they live as long as the process. */
export async function clusterCredentials(options: {
  readonly folder: string | undefined;
  readonly now: Date;
  readonly hosts: readonly string[];
}): Promise<ClusterCredentials> {
  const { now, folder } = options;
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  // RSA, since every reader of service account tokens knows it. It takes a while and runs beside the rest.
  const tokenKey = kept(folder, "service-accounts.key") ?? newTokenKey(folder);
  const authority = credentials(folder, "ca", { commonName: "fairway-ca", use: "authority", days: authorityDays, now });
  const issued = (name: string, wish: Omit<CertificateWish, "now" | "days">): Credentials =>
    credentials(folder, name, { ...wish, now, days: certificateDays }, authority);
  const hosts = [...new Set([...options.hosts, "localhost", "127.0.0.1", "10.96.0.1", ...clusterNames])];
  return {
    authority,
    server: issued("server", { commonName: "kube-apiserver", use: "server", hosts }),
    administrator: issued("admin", {
      commonName: "kubernetes-admin",
      organizations: ["system:masters"],
      use: "client",
    }),
    kubeletClient: issued("kubelet-client", {
      commonName: "kube-apiserver-kubelet-client",
      organizations: ["system:masters"],
      use: "client",
    }),
    frontProxy: frontProxy(folder, now),
    tokenKey: createPrivateKey(await tokenKey),
  };
}

function frontProxy(folder: string | undefined, now: Date): FrontProxy {
  const wish = { commonName: "fairway-front-proxy-ca", use: "authority", days: authorityDays, now } as const;
  const authority = credentials(folder, "front-proxy-ca", wish);
  const client = { commonName: frontProxyName, use: "client", days: certificateDays, now } as const;
  return { authority, client: credentials(folder, "front-proxy-client", client, authority) };
}

function credentials(
  folder: string | undefined,
  name: string,
  wish: CertificateWish,
  authority?: Credentials,
): Credentials {
  const certificate = kept(folder, `${name}.crt`);
  const key = kept(folder, `${name}.key`);
  if (certificate !== undefined && key !== undefined && isGood(certificate, wish, authority))
    return { certificate, key };
  const made = issueCertificate(wish, authority);
  keep(folder, `${name}.key`, made.key);
  keep(folder, `${name}.crt`, made.certificate);
  return made;
}

function isGood(text: string, wish: CertificateWish, authority: Credentials | undefined): boolean {
  const certificate = new X509Certificate(text);
  const beginsAt = Date.parse(certificate.validFrom);
  const endsAt = Date.parse(certificate.validTo);
  const now = wish.now.getTime();
  const isSigned = authority === undefined || certificate.verify(new X509Certificate(authority.certificate).publicKey);
  const answersTo = (host: string): boolean =>
    (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
  // One that begins later was made while the clock was ahead.
  const isInTime = beginsAt <= now && endsAt - now > renewalDays * dayMs;
  return isSigned && isInTime && (wish.hosts ?? []).every(answersTo);
}

async function newTokenKey(folder: string | undefined): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const text = privateKey.export({ type: "pkcs8", format: "pem" });
  keep(folder, "service-accounts.key", text);
  return text;
}

function kept(folder: string | undefined, name: string): string | undefined {
  const path = folder === undefined ? undefined : join(folder, name);
  return path !== undefined && existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Renamed into place: a start that is killed leaves the old one or the new one. */
function keep(folder: string | undefined, name: string, text: string): void {
  if (folder === undefined) return;
  const draft = join(folder, `${name}.${process.pid}`);
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, join(folder, name));
}
