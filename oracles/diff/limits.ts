/** The largest answer is OpenAPI v2, 4 MiB of JSON. */
export const answerBytesMax = 32 * 1024 * 1024;

/** A watch ends by its own timeoutSeconds; nothing else takes so long. */
export const requestTimeoutMs = 120_000;

/** The slowest is `helm upgrade --wait`; most take less than a second on an idle machine. */
export const commandTimeoutMs = 240_000;

/** What a command line says is for people: more than this is a loop. */
export const commandOutputLengthMax = 4 * 1024 * 1024;

/** A webhook of a scenario is asked a few times; what comes on top is not kept. */
export const webhookCallsMax = 200;

/** Where controllers act, an answer counts when it has not changed for so long: what is on the way is told by chance. */
export const settledMs = 700;

/** And when it was the same so many times in a row: on a busy machine answers take longer, and so do controllers. */
export const settledLooks = 8;

/** Scenarios at once, each in a namespace of its own: they wait for the server, they don't compute. */
export const parallelScenarios = 8;

/** How long a `@until` condition may take to hold. */
export const conditionTimeoutMs = 120_000;

/** The same before a server that is wrong: what it has made impossible never comes, which is noticed then. */
export const faultPatienceMs = 30_000;

/** An answer longer than this is kept as its hash and its length: OpenAPI documents and the like. */
export const recordedBodyLengthMax = 200_000;

/** Faults that each scenario meets when the suite itself is judged: with 800 scenarios every kind of fault comes up often. */
export const faultsPerScenario = 4;

/** Of one scenario, in a report for people: the first few tell what is wrong. */
export const shownDifferencesMax = 20;

/** A suite that overlooks more than a twentieth of wrong answers is no judge. */
export const noticedShareMin = 0.95;
