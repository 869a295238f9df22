export type RawExtension = unknown;
