/** Another server that says nothing for so long counts as not available. */
export const remoteTimeoutMs = 5_000;

/** Of the list of its resources. */
export const remoteDiscoveryBytesMax = 4 * 1024 * 1024;

/** How often one that answers is asked again, and one that doesn't. */
export const availableProbeMs = 30_000;
export const unavailableProbeMs = 1_000;
