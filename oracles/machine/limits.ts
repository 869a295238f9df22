// Bounds of the oracles, each with its reason.

/** An API server with etcd is ready in 3 s on two idle cores; under a build next to it, ten times that was seen. */
export const apiServerReadyMs = 240_000;

/** A node is Ready 2 s after its kubelet started; the rest is room for a busy machine. */
export const nodeReadyMs = 300_000;

/** An API server that is starting, or a busy one, may leave a request lying; who waits asks again. */
export const requestMs = 30_000;

/** A killed process is gone in milliseconds; what is left after this is stuck in the kernel and is reported. */
export const processGoneMs = 60_000;

/** A cgroup can be removed once the kernel has let go of its last task, which happens shortly after the kill. */
export const cgroupGoneMs = 60_000;

/** What the kernel takes down by itself (a namespace's interfaces, and routes with them) is gone after this, or was left behind. */
export const traceGoneMs = 30_000;

/** Tools of a starter that was killed may write for a moment longer into a folder that is being removed. */
export const removal = { maxRetries: 100, retryDelay: 50 } as const;

/** How much of a failed component's log is shown: enough for its last error, short enough to read. */
export const logTailLines = 15;

/** Output of a tool that is kept in memory; the largest in use (a package index) has 4 MB. */
export const toolOutputBytesMax = 64 * 1024 * 1024;

/** Answers of the API server read by the starter are single objects or short lists. */
export const apiAnswerBytesMax = 8 * 1024 * 1024;

/** Between two looks at a condition: short against every figure above. */
export const pollMs = 50;

/** Between the ports of well-known services and the node ports of clusters. */
export const portsFrom = 12_000;
export const portsTo = 30_000;

/** Of 18,000 ports hardly one is taken: whoever finds none after this many has no such address. */
export const portAttemptsMax = 200;
