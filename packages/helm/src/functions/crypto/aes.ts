import { createCipheriv, createDecipheriv } from "node:crypto";

const keyBytes = 32;
const blockBytes = 16;

/** A password is cut or filled with zeros to the size of a key. */
function keyOf(password: Uint8Array): Buffer {
  const key = Buffer.alloc(keyBytes);
  key.set(password.subarray(0, keyBytes));
  return key;
}

/** AES-256-CBC with the initial block in front. */
export function encryptAes(password: Uint8Array, text: Uint8Array, initial: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-cbc", keyOf(password), initial);
  return Buffer.concat([initial, cipher.update(text), cipher.final()]);
}

/** The padding is not checked, only cut off, as upstream; the thrown messages are those of Go's runtime. */
export function decryptAes(password: Uint8Array, data: Uint8Array, capacity: number): Buffer {
  if (data.length < blockBytes && capacity < blockBytes) {
    throw new Error(`runtime error: slice bounds out of range [:${blockBytes}] with capacity ${capacity}`);
  }
  if (data.length < blockBytes) {
    throw new Error(`runtime error: slice bounds out of range [${blockBytes}:${data.length}]`);
  }
  if (data.length % blockBytes !== 0) throw new Error("crypto/cipher: input not full blocks");
  const decipher = createDecipheriv("aes-256-cbc", keyOf(password), data.subarray(0, blockBytes));
  decipher.setAutoPadding(false);
  const text = Buffer.concat([decipher.update(data.subarray(blockBytes)), decipher.final()]);
  if (text.length === 0) throw new Error("runtime error: index out of range [-1]");
  const end = text.length - (text.at(-1) ?? 0);
  if (end < 0) throw new Error(`runtime error: slice bounds out of range [:${end}]`);
  return text.subarray(0, end);
}
