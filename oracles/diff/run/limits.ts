// Bounds of the comparison, each with its reason.

/** Scenarios that run at once: they wait for the server most of the time, and eight of them keep two cores busy. */
export const parallelScenarios = 8;

/** An answer that has not come by then never comes; the slowest seen (OpenAPI v2 on a busy machine) took 6 s. */
export const answerTimeoutMs = 60_000;

/** The longest answer read: the OpenAPI v2 document has 4 MB. */
export const answerBytesMax = 32 * 1024 * 1024;

/** How long a condition is waited for unless the scenario says `within`: controllers need up to 15 s on a busy machine. */
export const conditionTimeoutMs = 40_000;

/** Between two looks at a condition. */
export const pollMs = 40;

/** A command of kubectl or helm; the slowest seen took 8 s with eight of them at once. */
export const commandTimeoutMs = 90_000;

/** Differences shown for one step: what follows from the first mistake helps nobody. */
export const differencesShown = 12;

/** Characters of a value that a difference shows. */
export const shownCharactersMax = 400;

/** Scenario files are written by hand; a longer one is a mistake (a log, a dump). */
export const scenarioFileBytesMax = 512 * 1024;

/** Requests that the webhook of a scenario keeps to show them: no scenario calls it more often. */
export const webhookCallsMax = 50;

/** Subtrees below the depth of `fold` are kept as this many characters of their hash: 1 in 10^14 to meet by chance. */
export const foldHashCharacters = 12;
