/** A client that does not finish its TLS handshake in this time holds a connection for nothing. */
export const handshakeMs = 10_000;

/** A connection of HTTP/1.1 that asks nothing for so long is closed. Longer than the pools of clients keep theirs. */
export const idleMs = 120_000;

/** As Kubernetes allows on one HTTP/2 connection; a client with more to ask opens another or waits. */
export const streamsPerConnectionMax = 250;

/** Tokens and impersonation make headers long; Go's servers take this much. */
export const headerBytesMax = 1_048_576;

/** Revisions older than this are forgotten; watches that begin there get 410. */
export const keptRevisionsMs = 5 * 60_000;

/** Of JSON. Go stops at 10,000; nobody has been seen to need more than a hundredth of it. */
export const nestingMax = 1_000;

/** Between a change of flow schemas or priority levels and a look at all of them: a burst of changes costs one look. */
export const flowSchemaStatusDelayMs = 20;

/** Of the part of the heap where new values are: some twenty requests at once. */
export const youngHeapBytesMax = 8 * 1024 * 1024;
