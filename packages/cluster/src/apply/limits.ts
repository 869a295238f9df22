/**
 * Writers other than appliers that an object remembers. When there are more, the oldest are put together as `ancient-changes`, so that
 * `managedFields` can't grow without end.
 */
export const UPDATE_MANAGERS_MAX = 10;

/** The bytes that all annotations of an object may have together; the annotation of kubectl's client-side apply is left out above it. */
export const ANNOTATIONS_BYTES_MAX = 256 * 1024;
