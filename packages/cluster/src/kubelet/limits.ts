/** Restarts of a container that keeps failing: the first wait, doubled each time up to the longest, forgotten after as long again. */
export const restartBackOffMs = { first: 10_000, max: 300_000 };

/** Waits between attempts to get an image. */
export const pullBackOffMs = { first: 10_000, max: 300_000 };

/** Attempts at what a pod needs and has not got yet (a missing ConfigMap, a sandbox that would not start). */
export const retryBackOffMs = { first: 500, max: 16_000 };

/** How often changes of ConfigMaps, Secrets and tokens reach the volumes of running pods. */
export const volumeRefreshMs = 2000;

/** A layer that unpacks to more is a bomb, or nothing that a laptop should run. */
export const layerBytesMax = 8 * 1024 ** 3;

/** Unpacked bytes per packed byte from which a layer counts as a bomb, once it is big enough for the ratio to mean anything. */
export const layerRatioMax = 200;
export const layerRatioFromBytes = 64 * 1024 ** 2;

/** Entries of one layer; a Debian root has 10,000. */
export const layerEntriesMax = 500_000;

/** Long names and extended headers of a tar entry are read into memory. */
export const tarHeaderBytesMax = 1024 ** 2;

/** What resolvers read of a resolv.conf, and what the kubelet writes into one. */
export const dnsLimits = { nameservers: 3, searches: 32, searchesLength: 2048, domainLength: 253 };

/** Linux takes no longer name of a machine. */
export const kernelNameMax = 64;

/** Linux takes no longer path. */
export const pathBytesMax = 4096;

/** Manifests, indexes and configurations of images are read into memory. */
export const manifestBytesMax = 4 * 1024 ** 2;

/** Layers of an image; Docker builds at most 127. */
export const layersMax = 512;

/** An index inside an index inside an index is nobody's image. */
export const indexDepthMax = 3;

/** A registry that sends no byte for so long has failed. */
export const registryIdleMs = 60_000;

/** Layers fetched at the same time for one image. */
export const layerPullsMax = 3;

/** A container's log file is put aside at this size; so many files are kept. The kubelet's defaults. */
export const logFileBytesMax = 10 * 1024 ** 2;
export const logFilesMax = 5;

/** A longer line is written in pieces, as CRI runtimes do. */
export const logLineBytesMax = 16 * 1024;

/** Unflushed bytes of one container's log before its pipe is no longer read: the container then waits, as it would on a pipe. */
export const logQueueBytesMax = 1024 ** 2;

/** What Kubernetes keeps of a termination message. */
export const terminationMessageBytesMax = 4096;
export const podTerminationMessagesBytesMax = 12 * 1024;
export const terminationLogLinesMax = 80;
export const terminationLogBytesMax = 2048;

/** Output of a probe that ends up in an event. */
export const probeOutputBytesMax = 10 * 1024;

/** Bytes kept of what an exec probe or hook prints. */
export const execCaptureBytesMax = 16 * 1024;

/** Requests to the streaming server without one byte for so long are ended, as by the kubelet. */
export const streamIdleMs = 4 * 60 * 60 * 1000;

/** A frame of a streaming protocol; kubectl sends at most 32 KiB. */
export const frameBytesMax = 1024 ** 2;

/** Streams of one connection: a port-forward opens two per connection it forwards. */
export const streamsMax = 1024;

/** Environment variables from ConfigMaps and Secrets together with their names; what execve takes is less. */
export const environmentBytesMax = 1024 ** 2;

/** A file with environment variables is read into memory; what execve takes is less. */
export const envFileBytesMax = 1024 ** 2;

/**
 * So many events that differ in their message alone become one, unless so long none came; an object has so many events of a type, and one more after each
 * such time; so many groups are remembered. As Kubernetes' own components have it.
 */
export const eventLimits = { similarMax: 10, similarMs: 600_000, burst: 25, refillMs: 300_000, knownMax: 4096 };

/**
 * A container without a probe that has ended before counts as ready when it has run for so long. A kubelet looks at its containers once a second,
 * and so hardly ever sees one that ends at once. On its first start it is ready at once: clients expect that of a pod that runs.
 */
export const readyAgainAfterMs = 1_000;

/** Dead containers kept per container of a pod, for `kubectl logs --previous`. */
export const deadContainersKept = 1;

/** Time that a killed process gets before it is called unkillable. */
export const killWaitMs = 10_000;

/** An exec that a probe or a hook started, when the pod says nothing. */
export const commandOutputWaitMs = 1000;

/** What the API server said of a token is believed for so long, for so many tokens: collectors call every few seconds. */
export const accessKeptMs = 10_000;
export const accessesMax = 1000;

/** Between two looks for the process number of a container that is being started. */
export const startPollMs = 4;

/** From this size on a layer is unpacked once for all images that begin with it; below it is unpacked again for each. */
export const sharedLayerBytesMin = 1024 ** 2;

/** What a layer is unpacked in: each piece is a way through another thread and back. */
export const unpackChunkBytes = 1024 ** 2;

/**
 * Unpacked images go when the disk is fuller than the high mark, down to the low one, and never younger than this. The kubelet's defaults, as is the
 * time between two looks.
 */
export const imageCollection = { highPercent: 85, lowPercent: 80, ageMsMin: 120_000, everyMs: 300_000 };

/**
 * Less room than this on the node's disk, or for fewer files, is pressure: unused images go, and then pods. A kubelet has a tenth of the disk and a
 * twentieth of its files; here the machine is somebody's own, and that is more than a cluster of a few services may take pods away for.
 */
export const diskPressure = { percent: 10, bytesMax: 1024 ** 3, inodesPercent: 5, inodesMax: 100_000 };

/** With less memory than this the machine is about to kill programs, somebody's own among them. The kubelet's default. */
export const memoryPressure = { bytesMin: 100 * 1024 ** 2 };

/** A pressure is told for so long after it was last seen, as by the kubelet. */
export const evictionWindow = { keptMs: 300_000 };

/** How often pods are measured against their limits of storage, and the node against what it needs. */
export const nodeLookMs = 10_000;
