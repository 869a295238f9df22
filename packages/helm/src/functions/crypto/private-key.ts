import { type KeyObject, createPrivateKey, createPublicKey } from "node:crypto";
import { decodePem, encodePem, readItems } from "./der.ts";

export interface PrivateKey {
  /** As it is written into the result again. */
  readonly pem: string;
  /** Undefined for DSA, with which Go signs no certificates. */
  readonly key: KeyObject | undefined;
}

/** Parses a private key; the thrown messages are Sprig's, those of what is inside the key our own. */
export function parsePrivateKey(text: string): PrivateKey {
  const block = decodePem(text);
  if (block === undefined) throw new Error("no PEM data in input");
  const { label, der } = block;
  if (label === "PRIVATE KEY") {
    const key = load("decoding PEM as PKCS#8", () => createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
    return { pem: exportedPem(key), key };
  }
  if (!label.endsWith(" PRIVATE KEY")) throw new Error(`no private key data in PEM block of type ${label}`);
  const kind = label.slice(0, -" PRIVATE KEY".length);
  switch (kind) {
    case "RSA":
    case "EC": {
      const type = kind === "RSA" ? "pkcs1" : "sec1";
      const key = load(`parsing ${kind} private key from PEM`, () =>
        createPrivateKey({ key: der, format: "der", type }),
      );
      return { pem: exportedPem(key), key };
    }
    case "DSA":
      if (readItems(readItems(der)?.[0]?.content ?? der)?.length !== 6) {
        throw new Error("parsing DSA private key from PEM: asn1: syntax error");
      }
      return { pem: encodePem(label, der), key: undefined };
    default:
      throw new Error(`invalid private key type ${label}`);
  }
}

function load(doing: string, parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${doing}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** RSA and EC keys in their own formats, others as PKCS #8. */
function exportedPem(key: KeyObject): string {
  if (key.asymmetricKeyType === "rsa") {
    return encodePem("RSA PRIVATE KEY", key.export({ format: "der", type: "pkcs1" }));
  }
  if (key.asymmetricKeyType === "ec") {
    return encodePem("EC PRIVATE KEY", key.export({ format: "der", type: "sec1" }));
  }
  return encodePem("PRIVATE KEY", key.export({ format: "der", type: "pkcs8" }));
}

export function publicKeyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ format: "der", type: "spki" });
}
