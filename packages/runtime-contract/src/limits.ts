/** From start to the first answer of `/livez`. A JVM that compiles its source first needs seconds of it. */
export const startSecondsMax = 30;

/** From listening to ready, when nothing that it needs is missing. */
export const readySecondsMax = 15;

/** What Kubernetes is told to wait before it kills. */
export const shutdownSecondsMax = 45;

/** An answer to a request that needs nothing. */
export const answerSecondsMax = 5;

/** Kept of what a service prints; older lines are dropped. */
export const outputLinesMax = 10_000;

/** Until a line that was written has come through the pipe. */
export const logSecondsMax = 15;
