/** A program of the machine's (runc, a CNI plugin, iptables) that takes longer hangs; what it prints beyond this is not read. */
export const toolTimeoutMs = 60_000;
export const toolOutputBytesMax = 4 * 1024 ** 2;
