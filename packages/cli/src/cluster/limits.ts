export const clusterLimits = {
  /** A start on a machine that is busy with everything else. */
  startTimeoutMs: 60_000,
  /** Pods get the time that they ask for to end, up to this. */
  stopTimeoutMs: 60_000,
};
