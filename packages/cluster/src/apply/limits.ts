/**
 * Writers other than appliers that an object remembers. When there are more, the oldest are put together as `ancient-changes`, so that
 * `managedFields` can't grow without end.
 */
export const UPDATE_MANAGERS_MAX = 10;

/** The bytes that all annotations of an object may have together; the annotation of kubectl's client-side apply is left out above it. */
export const ANNOTATIONS_BYTES_MAX = 256 * 1024;

/** Names of fields whose steps are remembered; the types have about 1,500, the rest are labels and the like. */
export const FIELD_ELEMENTS_MAX = 4_096;

/** Longer names are no fields of types. */
export const NAME_MAX = 64;

/** Steps to items whose keys are remembered, for sorting; beyond it they are forgotten. */
export const KEYS_MAX = 1_024;
