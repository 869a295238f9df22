import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOrFail } from "../machine/run.ts";

/** File names (without ending) in the certificate folder; `.crt` and `.key` each, the service account has a key only. */
export interface CertificateOptions {
  readonly folder: string;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

interface Leaf {
  readonly name: string;
  readonly authority: string;
  readonly subject: string;
  readonly extensions: readonly string[];
}

const validDays = "3650";

/** Two authorities (clients and servers; the front proxy of aggregated APIs) and what they sign, new for each cluster. */
export async function makeCertificates(options: CertificateOptions): Promise<void> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const makeKey = async (name: string): Promise<void> => {
    const file = join(folder, `${name}.key`);
    await runOrFail(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file]);
  };
  const leaves = leavesOf(options);
  await Promise.all(["ca", "front-proxy-ca", "service-account", ...leaves.map((leaf) => leaf.name)].map(makeKey));
  await Promise.all(["ca", "front-proxy-ca"].map(async (name) => makeAuthority(folder, name)));
  await Promise.all(leaves.map(async (leaf) => sign(folder, leaf)));
}

function leavesOf(options: CertificateOptions): Leaf[] {
  const alternatives = [
    ...options.names.map((name) => `DNS:${name}`),
    ...options.addresses.map((address) => `IP:${address}`),
  ].join(",");
  const client = ["extendedKeyUsage=clientAuth"];
  return [
    {
      name: "apiserver",
      authority: "ca",
      subject: "/CN=kube-apiserver",
      extensions: [`subjectAltName=${alternatives}`, "extendedKeyUsage=serverAuth"],
    },
    {
      name: "apiserver-kubelet-client",
      authority: "ca",
      subject: "/O=system:masters/CN=kube-apiserver-kubelet-client",
      extensions: client,
    },
    {
      name: "front-proxy-client",
      authority: "front-proxy-ca",
      subject: "/CN=front-proxy-client",
      extensions: client,
    },
  ];
}

async function makeAuthority(folder: string, name: string): Promise<void> {
  const files = ["-key", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)];
  const extensions = ["-addext", "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign"];
  const command = ["openssl", "req", "-x509", "-new", "-sha256", "-days", validDays];
  await runOrFail([...command, "-subj", `/CN=fairway-oracle-${name}`, ...extensions, ...files]);
}

async function sign(folder: string, leaf: Leaf): Promise<void> {
  const at = (ending: string): string => join(folder, `${leaf.name}.${ending}`);
  const authority = (ending: string): string => join(folder, `${leaf.authority}.${ending}`);
  const extensions = [...leaf.extensions, "keyUsage=critical,digitalSignature,keyEncipherment"];
  writeFileSync(at("ext"), `${extensions.join("\n")}\n`);
  await runOrFail(["openssl", "req", "-new", "-key", at("key"), "-subj", leaf.subject, "-out", at("csr")]);
  const command = ["openssl", "x509", "-req", "-sha256", "-days", validDays, "-set_serial", serialOf(leaf.name)];
  const from = ["-in", at("csr"), "-extfile", at("ext"), "-CA", authority("crt"), "-CAkey", authority("key")];
  await runOrFail([...command, ...from, "-out", at("crt")]);
}

/** Serial numbers only have to differ under one authority. */
function serialOf(name: string): string {
  return `0x${Buffer.from(name).toString("hex").slice(0, 30)}`;
}
