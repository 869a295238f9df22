/** Why the signal of a command is aborted when its terminal closes, or when another process takes its place. */
export const hangUp = "SIGHUP";
