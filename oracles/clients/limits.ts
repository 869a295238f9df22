/** An object is made, changed again and again, and deleted: as the Go program does it. */
export const changesOfObject = 50;

export const writersAtOnce = 8;

/**
 * A connection of the informer lives so long: short enough to be cut many times, long enough for a watch of more than a
 * second. After a shorter one without an event client-go lists anew, which may leave out what was between.
 */
export const connectionLifetimeMs = 2_000;

/** Until every change has to have been seen after the last one was made. */
export const followPatienceMs = 300_000;

/** Until the first connection has to have been cut: one is open all the time. */
export const firstCutMs = 60_000;

/** Programs in Go give up by themselves; 10,000 changes take them half a minute. */
export const followerTimeout = "20m";
