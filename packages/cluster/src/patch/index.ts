export { applyJsonPatch } from "./json-patch.ts";
export { applyMergePatch } from "./merge-patch.ts";
export { applyStrategicMergePatch } from "./strategic-merge.ts";
export { PatchError } from "./patch-error.ts";
export type { PatchErrorCode } from "./patch-error.ts";
