/** The slowest section rolls a deployment three times, each within four minutes; what takes longer hangs. */
export const sectionTimeoutMs = 900_000;

/** Of what a failed section said, the last lines tell why. */
export const shownLinesMax = 6;
