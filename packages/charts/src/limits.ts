/** A packaged chart; the largest public ones have about 1 MiB. A larger answer is refused while it arrives. */
export const archiveBytesMax = 20 * 1024 * 1024;

/** The index of a repository; the largest public ones have about 30 MiB. A larger answer is refused while it arrives. */
export const indexBytesMax = 100 * 1024 * 1024;

/** Answers of a registry that are not chart contents: manifests, tag lists, tokens. */
export const documentBytesMax = 4 * 1024 * 1024;

/** Tags asked for at once. */
export const tagPageLength = 1000;

/** Pages of tags of one OCI repository; one with more is refused, since the newest version may be on the last page. */
export const tagPagesMax = 50;

/** A server that sends nothing for so long has gone away. A slow one that keeps sending is waited for. */
export const idleTimeoutMs = 30_000;

/** How long an index or a list of tags is taken as it is, before the server is asked whether it changed. */
export const listingFreshMs = 5 * 60_000;

/** Indexes and lists of tags held in memory; the oldest goes first and is read from disk again when needed. */
export const listingsInMemoryMax = 64;

/** How long a listing that could not be had is not asked for again: a hundred applications wait for a dead server once. */
export const failureKeptMs = 20_000;

export const redirectsMax = 5;
