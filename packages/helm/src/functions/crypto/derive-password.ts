// Passwords of the Master Password algorithm: the same inputs always give the same one.
import { createHmac, scryptSync } from "node:crypto";
import { passwordCharacters, passwordTemplates } from "./data/password-templates.ts";

const scope = "com.lyndir.masterpassword";
const scrypt = { N: 32_768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };

export interface PasswordRequest {
  readonly counter: number;
  readonly kind: string;
  readonly password: Uint8Array;
  readonly user: Uint8Array;
  readonly site: Uint8Array;
}

export function derivePassword({ counter, kind, password, user, site }: PasswordRequest): string {
  const templates = passwordTemplates.get(kind);
  if (templates === undefined) return `cannot find password template ${kind}`;
  const salt = Buffer.concat([Buffer.from(scope), word(user.length), user]);
  const key = scryptSync(password, salt, 64, scrypt);
  const message = Buffer.concat([Buffer.from(scope), word(site.length), site, word(counter)]);
  const seed = createHmac("sha256", key).update(message).digest();
  const template = templates[(seed[0] ?? 0) % templates.length] ?? "";
  return Array.from(template, (letter, index) => {
    const characters = passwordCharacters.get(letter) ?? "";
    return characters[(seed[index + 1] ?? 0) % characters.length] ?? "";
  }).join("");
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
