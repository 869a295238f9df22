import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { problem } from "@fairway/kit";
import { limits } from "./limits.ts";

const derive = promisify(argon2);
const wanted = `m=${limits.hashMemoryKiB},t=${limits.hashPasses},p=${limits.hashParallelism}`;
const format = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

let underWay = 0;

/** A hash in the PHC string format, which carries its own cost, so that the cost can grow later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(limits.saltBytes);
  const hash = await run(password, salt, {
    memory: limits.hashMemoryKiB,
    passes: limits.hashPasses,
    parallelism: limits.hashParallelism,
  });
  return `$argon2id$v=19$${wanted}$${text(salt)}$${text(hash)}`;
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const match = format.exec(stored);
  if (!match) throw new TypeError("a stored password hash is not in the form that this service writes");
  const [, memory, passes, parallelism, salt = "", hash = ""] = match;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const found = await run(password, Buffer.from(salt, "base64"), cost);
  const expected = Buffer.from(hash, "base64");
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/** Whether a hash was made at another cost than today's. */
export function isOutdated(stored: string): boolean {
  return !stored.includes(`$${wanted}$`);
}

const anybody = hashPassword(randomBytes(16).toString("hex"));

/** Takes as long as checking a real password, so that an unknown address looks the same. */
export async function checkNobody(password: string): Promise<void> {
  await passwordMatches(password, await anybody);
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

async function run(password: string, nonce: Uint8Array, cost: Cost): Promise<Buffer> {
  if (underWay >= limits.hashesMax) {
    throw problem(503, { detail: "too many logins at once; try again", headers: { "retry-after": "1" } });
  }
  underWay++;
  try {
    const message = password.normalize("NFKC");
    return await derive("argon2id", { ...cost, message, nonce, tagLength: limits.hashBytes });
  } finally {
    underWay--;
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
