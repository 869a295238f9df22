/** Objects per page when a cache is filled; more would hold the answer of a large list twice. */
export const listPageObjects = 500;

/** A watch that the server has not ended by itself is asked anew after this long, so that a dead connection is noticed. */
export const watchSecondsMin = 300;
export const watchSecondsMax = 600;

/** How long a cache waits after a connection broke: doubled each time, up to the maximum. */
export const reconnectMsMin = 50;
export const reconnectMsMax = 5_000;

/** How long a key waits after a failure: doubled each time, up to the maximum. */
export const retryMsMin = 5;
export const retryMsMax = 60_000;

/** A deletion is remembered this long, so that neither the watch nor a late answer brings back what has gone. */
export const tombstoneMs = 120_000;
export const tombstonesMax = 50_000;

/** Events that are remembered to be counted instead of written anew; the oldest is forgotten. */
export const countedEventsMax = 4_096;
/** So many events of one source about one object at once, then one in five minutes, as Kubernetes limits them. */
export const eventBurst = 25;
export const eventRefillMs = 300_000;
/** So many similar events in ten minutes are written as one. */
export const similarEventsMax = 10;
export const similarEventsMs = 600_000;
/** Events under way to the server; more are dropped, because an event is never worth more than the work it tells of. */
export const eventsUnderWayMax = 1_000;

/** Keys that a controller works on at the same time. */
export const workersPerController = 5;
