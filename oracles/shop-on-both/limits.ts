/** Until kubectl has a port that leads to a pod; the pod is ready by then. */
export const forwardMs = 120_000;
