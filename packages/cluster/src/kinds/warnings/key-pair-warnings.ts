import { createPrivateKey, X509Certificate } from "node:crypto";

/** What stands in the way of using a certificate with its key, in the words of Go's TLS. */
export function keyPairWarnings(certificate: string | undefined, key: string | undefined): string[] {
  const [certificateText, keyText] = [certificate, key].map((data) =>
    Buffer.from(data ?? "", "base64").toString("utf8"),
  );
  const fault = keyPairFault(certificateText ?? "", keyText ?? "");
  return fault === undefined ? [] : [fault];
}

function keyPairFault(certificate: string, key: string): string | undefined {
  const found = blockTypes(certificate);
  if (!found.includes("CERTIFICATE")) {
    if (found.length === 0) return "tls: failed to find any PEM data in certificate input";
    if (found.length === 1 && found[0]?.endsWith("PRIVATE KEY"))
      return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
    return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${found.join(" ")}]`;
  }
  const others = blockTypes(key);
  if (!others.some((type) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"))) {
    if (others.length === 0) return "tls: failed to find any PEM data in key input";
    if (others.length === 1 && others[0] === "CERTIFICATE")
      return "tls: found a certificate rather than a key in the PEM for the private key";
    return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${others.join(" ")}]`;
  }
  return matchFault(certificate, key);
}

function blockTypes(text: string): string[] {
  return [...text.matchAll(/-----BEGIN ([^-]+)-----[\s\S]*?-----END \1-----/g)].map(([, type = ""]) => type);
}

function matchFault(certificate: string, key: string): string | undefined {
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(certificate);
  } catch {
    return "x509: malformed certificate";
  }
  try {
    return leaf.checkPrivateKey(createPrivateKey(key)) ? undefined : "tls: private key does not match public key";
  } catch {
    return "tls: failed to parse private key";
  }
}
