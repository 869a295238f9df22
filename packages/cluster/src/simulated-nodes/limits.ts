/** Each has a part of the loopback network of its own, numbered by one byte. */
export const simulatedNodesMax = 250;
/** What kubelets take unless they are told otherwise. */
export const podsPerNodeMax = 110;
/** As often as a kubelet; four times as often as the node would be missed. */
export const heartbeatMs = 10_000;
export const leaseSeconds = 40;
/** How long a pod that is meant to end seems to work. */
export const workMs = 1_000;
