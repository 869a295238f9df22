export const devLimits = {
  /** An editor saves in several steps, and a formatter after it: they are one save. */
  settleMs: 20,
  /** How often is looked whether the new pod is in trouble; that it is ready is heard at once. */
  troubleMs: 250,
  /** What may still become well, such as a pod without a node, gets this long. */
  troublePassesMs: 5_000,
  /** A pod that is neither ready nor in trouble by then is told as such, with what it wrote. */
  rolloutMs: 60_000,
  /** Of descriptions; a platform of 1,000 services has some more. What is beyond is read with the next save. */
  watchedFoldersMax: 4_000,
  /** What is shown of a pod that does not start. */
  logLines: 20,
  /** Of a program that does not compile: whoever mends the first error sees the next one. */
  errorsShown: 3,
} as const;
