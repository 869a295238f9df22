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

/**
 * Comparisons of names that one kind of reference may cost, about a fifth of a second. A platform of 1,000 services
 * gets hints for 200 different slips; whoever has more mends them in a few rounds.
 */
export const nameComparisonsMax = 200_000;

/** Services named in the message of a call circle; longer ones are shortened in the middle. */
export const circleNamesMax = 12;
