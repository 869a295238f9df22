/** Bounds of the service, each with its reason. */
export const limits = {
  /** Ten million of any currency; more is a slip of the hand. */
  amountCentsMax: 1_000_000_000,
  referenceCharactersMax: 100,
  /** A delay beyond the patience of any caller tests nothing more. */
  delayMsMax: 30_000,
  /** How long a charge that is not decided at once takes. */
  settleMs: 400,
  webhookBatchMax: 50,
  webhookPollMs: 200,
  webhookTimeoutMs: 3_000,
  /** About an hour with growing pauses; then the merchant has to ask. */
  webhookAttemptsMax: 20,
  webhookRetryBaseMs: 250,
  webhookRetryCapMs: 300_000,
} as const;
