/** How long an engine may take until it answers; Docker's takes 3 s on an idle machine. */
export const startMs = 240_000;

/** How long a service may take until it answers: a Java runtime on a busy machine takes the longest. */
export const serviceMs = 240_000;
