export const upLimits = {
  /** PostgreSQL and the cluster on a machine that is busy with the images at the same time. */
  startTimeoutMs: 60_000,
  /** Services get 45 s to end, then PostgreSQL writes what it has. */
  stopTimeoutMs: 90_000,
  /** From the charts applied to every service ready; what is still not, is told with its reason. */
  readyTimeoutMs: 180_000,
  /** A service that fails may come up when another one is there; one that fails alone for this long will not. */
  failingMsMax: 20_000,
  /** How often the cluster is asked how far it is: an answer costs it a few milliseconds. */
  pollMs: 150,
  /** How often is looked whether PostgreSQL still runs, and the folder is still there. */
  watchMs: 1_000,
  /** An answer takes a millisecond, and on a machine that does many other things some hundred. */
  answerTimeoutMs: 15_000,
  /** How soon a person is told that the control process has ended. */
  controlWatchMs: 1_000,
  /** With less than this the node takes no pods. */
  diskRoom: { percent: 10, bytesMax: 1024 ** 3 },
  /** What is shown of the log of a service that does not start. */
  logLinesShown: 15,
} as const;

/** Where things listen, on loopback; `--port-offset` moves them all. */
export const ports = { api: 6_443, ingress: 8_080 } as const;

/** Who follows a log wants to see that it is the right one, and then what comes. */
export const followedTailLines = 20;
