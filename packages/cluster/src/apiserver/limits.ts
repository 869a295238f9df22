/** Of a request's body, as Kubernetes has it. */
export const bodyBytesMax = 3 * 1024 * 1024;

/** How often a write whose admission asked others is begun anew because somebody else wrote in between. */
export const writeAttemptsMax = 10;

/** How many names are tried for `generateName`. */
export const nameAttemptsMax = 8;

/** A watch without a time of its own ends between this and twice this, so that not all of them come back together. */
export const watchSeconds = 1_800;

/** How often a watch that wants bookmarks gets one. */
export const bookmarkMs = 60_000;

/** Events that a slow watcher may be behind; then its watch ends, and it lists again. */
export const watchQueueMax = 10_000;

/** Objects of one deletion of a collection that are deleted at the same time. */
export const deletionsAtOnce = 500;

/** Times that a request waits for objects in another version; a list asks for all of its objects at once. Then it fails. */
export const conversionsMax = 20;

/** What a controller is just making is waited for: so often, for so long each time; a second in all, as Kubernetes waits for accounts. */
export const passingAttemptsMax = 20;
export const passingWaitMs = 50;

/** What a timer of Node holds: 25 days. Who asks for more comes back then. */
export const timerMsMax = 2_147_483_647;
