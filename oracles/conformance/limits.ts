// Bounds of the conformance runner, each with its reason.

/** Often enough to see that it goes on, rarely enough to keep a log readable. */
export const progressEveryMs = 15_000;

/** When nothing has ended meanwhile, this often says that it is still at work; single specs wait for five minutes. */
export const stillEveryMs = 60_000;

/** Most specs wait for a pod: with more workers than this on two cores they begin to miss their own deadlines. */
export const workersPerCore = 6;

/** All 441 specs took less than half of this with twelve workers on two cores. */
export const timeoutMinutes = 240;
