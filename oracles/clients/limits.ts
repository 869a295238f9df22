/** An object is made, changed again and again, and deleted: as the Go program does it. */
export const changesOfObject = 50;

export const writersAtOnce = 8;

/** A connection of the informer lives so long: long enough for a watch to begin, short enough to be cut many times. */
export const connectionLifetimeMs = 1_200;

/** Until every change has to have been seen after the last one was made. */
export const followPatienceMs = 120_000;
