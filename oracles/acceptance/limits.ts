/** The slowest section rolls a deployment three times; what takes longer hangs. */
export const sectionTimeoutMs = 300_000;

/** Of what a failed section said, the last lines tell why. */
export const shownLinesMax = 6;
