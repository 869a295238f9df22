/** Objects in other versions that a webhook made and that are kept, of one definition; the oldest go first and are asked for again. */
export const conversionsKeptMax = 5_000;

/** Fields of a version that lists can be selected by; a definition with more is refused. */
export const selectableFieldsMax = 8;

/** How long a conversion webhook has; then the request that needs it fails. */
export const webhookTimeoutSeconds = 30;

/** The longest answer of a conversion webhook; longer ones are refused. */
export const answerBytesMax = 64 * 1024 * 1024;
