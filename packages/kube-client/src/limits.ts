/** Connections for requests; watches, logs and forwarded ports have one each besides. */
export const connectionsMax = 16;
/** A request is given up after this long without a byte: the API server itself gives up after 60 s. */
export const silenceMsMax = 75_000;
/** An answer is read up to here: a list in pages stays far below, and what is longer would fill the memory. */
export const answerBytesMax = 256 * 1024 * 1024;
/** One event of a watch. An object is at most 1.5 MiB in etcd; JSON of it with escapes is longer. */
export const eventBytesMax = 16 * 1024 * 1024;
/** A peer that vanished without a word is noticed by the keep-alive probes of the connection, which start after this long. */
export const keepAliveMs = 30_000;
/** Redirected, proxied and long answers aside, the most text of a foreign answer that goes into a message. */
export const messageCharactersMax = 2_000;
/** Kubeconfigs of a thousand clusters have two megabytes; what is longer is another file. */
export const kubeconfigBytesMax = 16 * 1024 * 1024;
/** A token file is read anew after this long: kubelets replace tokens long before they end. */
export const tokenFileMs = 10_000;
/** A credential plugin that asks nobody has this long; one that talks with a person may take longer. */
export const execMsMax = 60_000;
export const execOutputBytesMax = 1024 * 1024;
/** Credentials are asked for anew this long before they end, so that no request is under way with them then. */
export const expiryLeewayMs = 5_000;
/** Objects of one kind that are applied at once: enough to hide the way to a far cluster, too few to trouble one. */
export const applyAtOnceMax = 8;
/** How long an object waits for what it needs: a namespace takes a moment, an operator with webhooks half a minute. */
export const applyPatienceMs = 60_000;
export const retryPace = { msMin: 50, msMax: 2_000 };
/** A server that asks for more patience than this is asked again all the same. */
export const retryAfterMsMax = 15_000;
/** Objects a page when all are listed; more would hold the answer of a large list twice. */
export const listPageObjects = 500;
/** A watch that the server has not ended by itself is asked anew after this long. */
export const watchSecondsMin = 300;
export const watchSecondsMax = 600;
export const reconnectPace = { msMin: 50, msMax: 10_000 };
/** A watch that ended sooner did not work, whatever it told. */
export const shortWatchMs = 1_000;
/** Lines of logs that wait for their reader; then the pods are read no faster than the lines are taken. */
export const logLinesWaitingMax = 1_000;
/** The kubelet cuts lines at 16 KiB into pieces of one line, which arrive as one. */
export const logLineBytesMax = 16 * 1024 * 1024;
/** How long a deleted object may take to go: a pod has its grace period of 30 s, a namespace empties itself first. */
export const deletePatienceMs = 120_000;
export const goneAskPace = { msMin: 40, msMax: 1_000 };
/** Connections to one forwarded port; more are refused, because each has a WebSocket of its own. */
export const forwardedConnectionsMax = 256;
/** Bytes on their way to the cluster; while there are more, the program here is not read. */
export const forwardBufferBytesMax = 1024 * 1024;
