import { createPrivateKey, generateKeyPairSync, randomUUIDv7, sign } from "node:crypto";
import { openSealed, seal } from "./sealed-key.ts";
import { limits } from "./limits.ts";
import type { Database, Queryable } from "@fairway/kit";
import type { KeyObject } from "node:crypto";

export interface PublicKey {
  readonly kid: string;
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

export interface Keyring {
  /** All keys that tokens may still be signed with. */
  publicKeys(): Promise<readonly PublicKey[]>;
  /** A JSON Web Token of these claims, signed with the newest active key. */
  signToken(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** Makes a key that signs from a little later on. */
  rotate(): Promise<string>;
  /** A first key, or a new one when the last has had its time. Replicas take turns. */
  ensure(): Promise<void>;
}

export interface KeyringOptions {
  readonly db: Database;
  readonly secret: string;
  readonly tokenSeconds: number;
  readonly now?: () => number;
}

interface KeyRow {
  readonly kid: string;
  readonly public_jwk: PublicKey;
  readonly sealed_key: Uint8Array;
  readonly active_from: string;
}

interface LoadedKey {
  readonly kid: string;
  readonly publicKey: PublicKey;
  readonly privateKey: KeyObject;
  readonly activeFrom: number;
}

const lockKey = 4_821_170_332;

/** The keys of all replicas live in the database, their private halves sealed. */
export function createKeyring(options: KeyringOptions): Keyring {
  const { db, secret } = options;
  const now = options.now ?? Date.now;
  let loaded: readonly LoadedKey[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<readonly LoadedKey[]> | undefined;

  const load = async (): Promise<readonly LoadedKey[]> => {
    const { rows } = await db.query<KeyRow>(
      `SELECT kid, public_jwk, sealed_key, active_from FROM signing_keys WHERE expires_at > $1 ORDER BY active_from DESC`,
      [new Date(now())],
    );
    loaded = rows.map((row) => ({
      kid: row.kid,
      publicKey: row.public_jwk,
      privateKey: createPrivateKey({ key: openSealed(row.sealed_key, secret, row.kid), format: "der", type: "pkcs8" }),
      activeFrom: Date.parse(row.active_from),
    }));
    loadedAt = now();
    return loaded;
  };
  const keys = async (): Promise<readonly LoadedKey[]> => {
    if (now() - loadedAt < limits.keyCacheMs) return loaded;
    loading ??= load().finally(() => (loading = undefined));
    return loading;
  };
  const add = async (tx: Queryable, leadSeconds: number): Promise<string> => {
    const made = newKey(options, now() + leadSeconds * 1_000);
    await tx.query(
      `INSERT INTO signing_keys (kid, public_jwk, sealed_key, active_from, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      [made.kid, made.publicKey, made.sealedKey, made.activeFrom, made.expiresAt],
    );
    return made.kid;
  };
  return {
    publicKeys: async () => (await keys()).map((key) => key.publicKey),
    signToken: async (claims) => {
      const key = (await keys()).find((each) => each.activeFrom <= now());
      if (!key) throw new Error("there is no key to sign with; the service has not started in full");
      return signWith(key, claims);
    },
    rotate: async () => {
      const kid = await db.transaction((tx) => add(tx, limits.keyLeadSeconds));
      loadedAt = Number.NEGATIVE_INFINITY;
      return kid;
    },
    ensure: async () => {
      await db.transaction(async (tx) => {
        await tx.query("SELECT pg_advisory_xact_lock($1)", [lockKey]);
        const { rows } = await tx.query<{ newest: string | null }>(
          "SELECT max(active_from) AS newest FROM signing_keys",
        );
        const newest = rows[0]?.newest;
        if (!newest) await add(tx, 0);
        else if (now() - Date.parse(newest) > limits.keyRotationSeconds * 1_000) await add(tx, limits.keyLeadSeconds);
      });
      loadedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function newKey(options: KeyringOptions, activeFrom: number) {
  const pair = generateKeyPairSync("ed25519");
  const kid = randomUUIDv7();
  const { x = "" } = pair.publicKey.export({ format: "jwk" });
  const publicKey: PublicKey = { kid, kty: "OKP", crv: "Ed25519", x, alg: "EdDSA", use: "sig" };
  const sealedKey = seal(pair.privateKey.export({ format: "der", type: "pkcs8" }), options.secret, kid);
  // It stays readable until the last token of its successor's first day has ended.
  const livesMs = (2 * limits.keyRotationSeconds + options.tokenSeconds) * 1_000;
  return { kid, publicKey, sealedKey, activeFrom: new Date(activeFrom), expiresAt: new Date(activeFrom + livesMs) };
}

function signWith(key: LoadedKey, claims: Readonly<Record<string, unknown>>): string {
  const head = encode({ alg: "EdDSA", typ: "JWT", kid: key.kid });
  const content = `${head}.${encode(claims)}`;
  return `${content}.${sign(null, Buffer.from(content), key.privateKey).toString("base64url")}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
