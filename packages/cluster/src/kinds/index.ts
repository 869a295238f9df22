export { builtInKinds } from "./catalogue.ts";
export { ageOf } from "./cells/age.ts";
export { ConversionNeeded } from "./conversion-needed.ts";
export type { Kind } from "./kind.ts";
export { apiVersionOf, createKindRegistry } from "./registry.ts";
export type { KindRegistry } from "./registry.ts";
export { invalidMessage } from "./validation/errors.ts";
export { validateMetadata, validateMetadataUpdate } from "./validation/metadata.ts";
