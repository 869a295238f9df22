import { Blowfish } from "./blowfish.ts";

const alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const magicWords = [0x4f727068, 0x65616e42, 0x65686f6c, 0x64657253, 0x63727944, 0x6f756274];
export const bcryptPasswordBytesMax = 72;

/** The bcrypt hash ($2a$) of a password of at most 72 bytes with a salt of 16. */
export function bcryptHash(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const key = Buffer.concat([password, Buffer.from([0])]);
  const cipher = new Blowfish();
  cipher.expand(key, salt);
  for (let round = 0; round < 2 ** cost; round++) {
    cipher.expand(key);
    cipher.expand(salt);
  }
  const hash = Buffer.alloc(24);
  for (let word = 0; word < magicWords.length; word += 2) {
    const [left, right] = cipher.encipher(magicWords[word] ?? 0, magicWords[word + 1] ?? 0, 64);
    hash.writeUInt32BE(left, word * 4);
    hash.writeUInt32BE(right, word * 4 + 4);
  }
  // One byte of the hash has always been left out.
  return `$2a$${String(cost).padStart(2, "0")}$${encode(salt)}${encode(hash.subarray(0, 23))}`;
}

function encode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("base64").replace(/=+$/u, "");
  return text.replace(/./gu, (char) => alphabet[standard.indexOf(char)] ?? "");
}
