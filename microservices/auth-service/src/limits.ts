/** Bounds of the service, each with its reason. */
export const limits = {
  /** Argon2id with 19 MiB and two passes: the first choice of OWASP's password storage cheat sheet. */
  hashMemoryKiB: 19_456,
  hashPasses: 2,
  hashParallelism: 1,
  hashBytes: 32,
  saltBytes: 16,
  /** Hashing takes a thread and memory for tens of milliseconds; beyond this queue the answer is 503. */
  hashesMax: 32,
  passwordCharactersMin: 10,
  passwordCharactersMax: 200,
  /** Attempts to log in to one account: a few at once, then one every five seconds. */
  loginBurst: 8,
  loginPerSecond: 0.2,
  accessTokenSeconds: 900,
  refreshTokenSeconds: 14 * 24 * 3_600,
  refreshTokenBytes: 32,
  /** A new key is published for this long before it signs, so that no verifier meets it unprepared. */
  keyLeadSeconds: 60,
  keyRotationSeconds: 30 * 24 * 3_600,
  /** How long a read of the keys is believed; replicas see a new key after that at the latest. */
  keyCacheMs: 10_000,
} as const;
