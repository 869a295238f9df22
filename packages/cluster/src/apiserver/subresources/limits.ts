/** For the connection to a kubelet or to what is proxied; then whoever asks is told that nobody answers. */
export const kubeletConnectMs = 10_000;

/** Of an answer that refuses, which goes into the message. */
export const refusalBytesMax = 2_048;

/** A proxied page whose links are led through the proxy; a longer one is passed on as it is. */
export const pageBytesMax = 8 * 1024 * 1024;
