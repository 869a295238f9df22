/** Request headers together; Node.js answers more with 431. Cookies and tokens of several applications fit. */
export const headerBytesMax = 32 * 1024;
export const headersMax = 256;
/** Requests under way; more are answered with 503, because each holds two sockets and their buffers. */
export const requestsMax = 10_000;
/** Connections to one pod. */
export const connectionsPerPodMax = 512;
export const idleConnectionsPerPodMax = 64;
/** An idle connection to a pod is closed after this long; pods of Node.js close theirs after 5 s and say so. */
export const idlePodConnectionMs = 30_000;
/** A client that keeps its connection open without a request. */
export const idleClientMs = 75_000;
/** Headers have to be there by then, or a client could hold a connection with a byte a minute. */
export const headersMsMax = 60_000;
export const connectMsMax = 5_000;
/** A pod that has not begun its answer by then is told of with 504. */
export const answerMsMax = 60_000;
/** A stream in which nothing moves in either direction; WebSockets and server-sent events send something in between. */
export const silenceMsMax = 3_600_000;
/** Pods that are tried for one request. */
export const attemptsMax = 4;
/** After the end was asked for, requests under way have this long. */
export const drainMsMax = 10_000;
/** Hosts that an answer to an unknown one lists. */
export const listedHostsMax = 50;
/** A path of a request that is looked at; longer ones are refused, because no route is that long. */
export const targetCharactersMax = 16 * 1024;
