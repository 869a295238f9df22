/** Deeper than any rule looks that is not the rule of something higher up. */
export const generatedDepthMax = 6;

/** Cases at once: they wait for two servers, of which ours is in this process. */
export const parallelCases = 8;

/** Of one class of differences, the cases that are named; the others are counted. */
export const shownCasesMax = 3;

/** Places of a difference in a line; the report of a single case shows all of it. */
export const shownTextMax = 300;

/** Mutations of one object: with more, the first refusal hides the others. */
export const mutationsMax = 3;

/** Maps of three keys come in one order twice by a chance of one in six; what differs that often is looked at by people. */
export const retellings = 3;

/** A case with its answers, in characters: hundreds of them are a few hundred kilobytes. */
export const recordedLengthMax = 4_000;

/** What is kept has to be the same for ever: maps of two keys come in one order eight times by a chance of one in 128. */
export const recordedRetellings = 7;

/** A new kind is served after a second or two on a busy machine; one that is wrong never is, which shall not take long. */
export const awaitedAttempts = 25;
export const awaitedMs = 100;
