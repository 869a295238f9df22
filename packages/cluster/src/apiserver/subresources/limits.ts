/** For the connection to a kubelet or to what is proxied; then whoever asks is told that nobody answers. */
export const kubeletConnectMs = 10_000;

/** Of an answer that refuses, which goes into the message. */
export const refusalBytesMax = 2_048;
