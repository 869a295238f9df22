/** What a scenario waits for comes within milliseconds here; what never comes must not hold the others up. */
export const firstPatienceMs = 4_000;

/** For what came as a surprise: a busy machine may be slow, and there are few of them. */
export const secondPatienceMs = 60_000;
