/** Operations that one JSON patch may have; more are refused. Each may touch the whole object, so without a bound a small request is much work. */
export const JSON_PATCH_OPERATIONS_MAX = 10_000;

/**
 * Bytes that the copy operations of one JSON patch may add together, as JSON. Copies of copies double the object each time; the bound is that of a
 * request body.
 */
export const JSON_PATCH_COPIED_BYTES_MAX = 3 * 1024 * 1024;
