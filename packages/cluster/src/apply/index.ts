export { serverSideApply } from "./server-side-apply.ts";
export type { ServerSideApplied, ServerSideApply } from "./server-side-apply.ts";
export { keepTimesIfSame, timeText, trackUpdate } from "./track-update.ts";
export type { TrackUpdate, WriteContext } from "./track-update.ts";
export type { OtherVersion } from "./ownership.ts";
export type { ConflictReport } from "./conflicts.ts";
export { ApplyError } from "./apply-error.ts";
export type { ApplyErrorCode } from "./apply-error.ts";
export { decodeManagers } from "./managed-fields.ts";
