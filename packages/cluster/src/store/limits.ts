/** A write waits for at most this many others in its batch: larger ones only make the first wait longer. */
export const batchWritesMax = 2_000;

/** Beyond it the batch is closed too, so that a transaction stays in memory comfortably. */
export const batchBytesMax = 16 * 1024 * 1024;

/** Writes that wait for the disk. More than this means that the disk can't follow, and a writer is told so. */
export const waitingWritesMax = 50_000;

/** How much of the log a watch that starts in the past reads before others get their turn. */
export const replayChunkRecords = 500;

/** How much a compaction removes in one transaction, so that writers in between wait for milliseconds. */
export const forgetChunkRecords = 2_000;

/** LMDB refuses keys over 1,978 bytes; a Kubernetes name has 253 and a namespace 63, so that this is far away from both. */
export const keyBytesMax = 1_024;

/** A commit is refused when the disk would be left with less: what else is under way in the process may still need some of it. */
export const roomKeptBytes = 4 * 1024 * 1024;

/** Of each byte of a record: whole pages, copied when they are shared with older states. */
export const commitBytesPerByte = 3;

/** What LMDB writes at a time: whoever removes something writes the page on which it was. */
export const pageBytes = 4_096;

/** Pages of the trees that every commit writes anew. */
export const commitPagesBytes = 256 * 1024;
