/** Bounds of the service, each with its reason. */
export const limits = {
  amountCentsMax: 1_000_000_000,
  /** Invoices that are charged at the same time. */
  chargeBatchMax: 16,
  chargePollMs: 500,
  /** Within this time the provider answers, or the charge is tried again. */
  chargeTimeoutMs: 3_000,
  /** Longer than a charge with its attempts takes: then another replica takes it over. */
  chargeLeaseMs: 10_000,
  chargeRetryBaseMs: 200,
  chargeRetryCapMs: 10_000,
  /** The webhook should say how a pending charge ended; when it gets lost, this asks. */
  pendingPollMs: 3_000,
  /** A webhook that is older was recorded by somebody and sent again (Standard Webhooks). */
  webhookToleranceSeconds: 300,
  listMax: 100,
} as const;
