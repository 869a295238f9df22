/** Schemas of custom kinds are the only messages that nest in themselves; nobody writes them deeper by hand. */
export const nestingMax = 200;
