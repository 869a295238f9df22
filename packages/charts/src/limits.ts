/** A packaged chart; the largest public ones have about 1 MiB. */
export const archiveBytesMax = 20 * 1024 * 1024;

/** The index of a repository; the largest public ones have about 30 MiB. */
export const indexBytesMax = 100 * 1024 * 1024;

/** Answers of a registry that are not chart contents: manifests, tag lists, tokens. */
export const documentBytesMax = 4 * 1024 * 1024;

/** Pages of tags of one OCI repository. */
export const tagPagesMax = 50;

/** A server that sends nothing for so long has gone away. */
export const requestTimeoutMs = 30_000;

/** How long an index is taken as it is, before the repository is asked whether it changed. */
export const indexFreshMs = 5 * 60_000;

export const redirectsMax = 5;
