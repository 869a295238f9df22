/** A program of the machine's (runc, a CNI plugin, iptables) that takes longer hangs; what it prints beyond this is not read. */
export const toolTimeoutMs = 60_000;
export const toolOutputBytesMax = 4 * 1024 ** 2;

/** RFC 1035: a longer name is none. */
export const dnsNameBytesMax = 255;

/** What the length before a message over TCP can say. */
export const dnsMessageBytesMax = 65_535;

/** Connections to cluster DNS at the same time, each ended when it says nothing for so long. */
export const dnsConnectionsMax = 512;
export const dnsIdleMs = 10_000;

/** How long a name server of the machine's may take, and how many questions may wait for one; others fail at once. */
export const dnsForwardMs = 2000;
export const dnsForwardsMax = 256;

/** Seconds for which answers of the cluster's may be believed: services come and go. */
export const dnsTtlSeconds = 5;

/** Changes of services are gathered for so long before the rules are written. */
export const gatherMs = 20;

/** Between two attempts at rules that could not be written. */
export const rulesRetryMs = 2000;

/** Of cluster DNS on its own loopback address: no right is needed to listen there, and nobody else is known to. */
export const loopbackDnsPort = 10_053;
