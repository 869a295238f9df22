/** Of a webhook's answer, as Kubernetes has it; a longer one is no answer. */
export const answerBytesMax = 3 * 1024 * 1024;

/** For a webhook that does not say how long it may take. */
export const secondsByDefault = 10;
