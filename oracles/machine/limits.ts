// Bounds of the oracles, each with its reason.

/** An API server with etcd is ready in 3 s on two idle cores; under a build next to it, ten times that was seen. */
export const apiServerReadyMs = 60_000;

/** A node is Ready 2 s after its kubelet started; the rest is room for a busy machine. */
export const nodeReadyMs = 90_000;

/** A killed process is gone in milliseconds; what is left after this is stuck in the kernel and is reported. */
export const processGoneMs = 15_000;

/** A cgroup can be removed once the kernel has let go of its last task, which happens shortly after the kill. */
export const cgroupGoneMs = 10_000;

/** How much of a failed component's log is shown: enough for its last error, short enough to read. */
export const logTailLines = 15;

/** Output of a tool that is kept in memory; the largest in use (a package index) has 4 MB. */
export const toolOutputBytesMax = 64 * 1024 * 1024;

/** Answers of the API server read by the starter are single objects or short lists. */
export const apiAnswerBytesMax = 8 * 1024 * 1024;

/** Between two looks at a condition: short against every figure above. */
export const pollMs = 50;
