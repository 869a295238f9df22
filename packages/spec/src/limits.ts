/** A description is written by a person; one this large is something else, and is refused unread. */
export const specFileBytesMax = 256 * 1024;

/** Files of one platform. Users run up to 1,000 services; ten times that is a generated mistake. */
export const specFilesMax = 10_000;

/** Nesting of a description. The schemas need eight levels. */
export const specDepthMax = 32;

/** Nodes of one description after aliases: what explodes is stopped here. */
export const specNodesMax = 50_000;

/** Problems kept of one file; beyond them the file is not what it claims to be. */
export const problemsPerFileMax = 200;
