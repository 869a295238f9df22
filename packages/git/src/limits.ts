/** A larger file is no manifest, chart or values file; reading it is refused with an error that names it. */
export const blobBytesMax = 16 * 1024 * 1024;

/** Output of one listing: about a million paths. Beyond it git is stopped and the listing fails. */
export const listingBytesMax = 256 * 1024 * 1024;

/** Objects asked for and not yet answered; git's pipe is kept full without holding a large repository's answers. */
export const requestsInFlightMax = 256;

/** A repository that takes longer to fetch is not waited for. */
export const fetchTimeoutMs = 120_000;

/** What git complains about, for a message; the rest is read and dropped. */
export const complaintLengthMax = 2_000;
