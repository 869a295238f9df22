import { type GoFunction, GoNumber, bytesToString, defineFunction, stringToBytes } from "@fairway/gotemplate";
import { decryptAes, encryptAes } from "./crypto/aes.ts";
import { bcryptHash, bcryptPasswordBytesMax } from "./crypto/bcrypt.ts";
import { derivePassword } from "./crypto/derive-password.ts";
import { randomBelow, randomLength, randomText } from "./crypto/random-source.ts";
import { decodeBase64, encodeBase64 } from "./encodings.ts";
import type { HelmEnvironment } from "./environment.ts";

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");

export function randomFunctions(environment: HelmEnvironment): Readonly<Record<string, GoFunction>> {
  const text = (alphabet: string): GoFunction =>
    defineFunction(["int"], "string", (count) => randomText(environment, alphabet, count));
  return {
    randAlphaNum: text(digits + letters),
    randAlpha: text(letters),
    randNumeric: text(digits),
    randAscii: text(printable),
    randBytes: defineFunction(["int"], "string", (count) => {
      if (count < 0n) throw new Error("runtime error: makeslice: len out of range");
      return encodeBase64(environment.randomBytes(randomLength(count)));
    }),
    randInt: defineFunction(["int", "int"], "int", (min, max) => {
      if (max <= min) throw new Error("invalid argument to Intn");
      return min + BigInt(randomBelow(environment, Number(max - min)));
    }),
    shuffle: defineFunction(["string"], "string", (original) => shuffled(environment, original)),
    uuidv4: defineFunction([], "string", () => uuid(environment.randomBytes(16))),
  };
}

function shuffled(environment: HelmEnvironment, text: string): string {
  const chars = [...text.toWellFormed()];
  for (let index = chars.length - 1; index > 0; index--) {
    const other = randomBelow(environment, index + 1);
    [chars[index], chars[other]] = [chars[other] ?? "", chars[index] ?? ""];
  }
  return chars.join("");
}

function uuid(random: Uint8Array): string {
  const bytes = Buffer.from(random);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/u, "$1-$2-$3-$4-");
}

const bcryptCost = 10;
const blockBytes = 16;

export function secretFunctions(environment: HelmEnvironment): Readonly<Record<string, GoFunction>> {
  const bcrypt = (password: string): string => {
    const bytes = stringToBytes(password);
    if (bytes.length > bcryptPasswordBytesMax) {
      return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${bcryptPasswordBytesMax} bytes`;
    }
    return bcryptHash(bytes, environment.randomBytes(blockBytes), bcryptCost);
  };
  return {
    bcrypt: defineFunction(["string"], "string", bcrypt),
    htpasswd: defineFunction(["string", "string"], "string", (user, password) =>
      user.includes(":") ? `invalid username: ${user}` : `${user}:${bcrypt(password)}`,
    ),
    encryptAES: defineFunction(["string", "string"], "string", (password, text) => {
      if (text === "") return "";
      const initial = environment.randomBytes(blockBytes);
      return encodeBase64(encryptAes(stringToBytes(password), stringToBytes(text), initial));
    }),
    decryptAES: defineFunction(["string", "string"], "string", (password, encoded) => {
      if (encoded === "") return "";
      const data = decodeBase64(encoded);
      if (typeof data === "number") throw new Error(`illegal base64 data at input byte ${data}`);
      const capacity = Math.floor(encoded.length / 4) * 3;
      return bytesToString(decryptAes(stringToBytes(password), data, capacity));
    }),
    derivePassword: defineFunction(["uint32", "string", "string", "string", "string"], "string", (...args) => {
      const [counter, kind, password, user, site] = args;
      return derivePassword({
        counter: counter instanceof GoNumber ? Number(counter.value) : 0,
        kind,
        password: stringToBytes(password),
        user: stringToBytes(user),
        site: stringToBytes(site),
      });
    }),
  };
}
