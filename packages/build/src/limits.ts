/** Program headers of an ELF file: real ones have about a dozen; more is a damaged file. */
export const elfHeadersMax = 256;

/** The dynamic section of an ELF file: Node's has 600 bytes; more is a damaged file. */
export const elfDynamicBytesMax = 1024 * 1024;

/** The names of an ELF file's dynamic symbols: Node's have 3 MB; more is a damaged file. */
export const elfStringsBytesMax = 256 * 1024 * 1024;

/** Libraries of one program: a browser has about a hundred; more is a circle. */
export const librariesMax = 1000;

/** Manifests, indexes and configurations, which are held in memory: the distribution specification asks for 4 MiB. */
export const manifestBytesMax = 4 * 1024 * 1024;

/** Builds of a service that a layout keeps, so that a cluster can go back to them; older ones are forgotten. */
export const buildsKept = 5;

/** What no image refers to is taken away after this time: until then a build that is under way may be about to refer to it. */
export const unreferencedKeptMs = 60 * 60 * 1000;

/** What was not used for this long is made again when it is: a platform's Node alone has 150 MB. */
export const cacheKeptMs = 30 * 24 * 60 * 60 * 1000;

/** How long a build waits for another one that writes the index of the same layout; writing takes milliseconds. */
export const layoutLockMs = 30_000;

/** How often it looks. */
export const layoutLockPollMs = 20;

/** Files of one service's folder that go into its image: more is a folder that was not meant. */
export const serviceFilesMax = 20_000;

/** Images that are built at once: bundling and compressing use all cores by themselves. */
export const buildsAtOnce = 4;

/** Symbolic links that are followed on the way to one file; as many as Linux itself follows. */
export const linksMax = 40;

/** What a tool may print: a compiler's complaints fit many times over. */
export const toolOutputBytesMax = 16 * 1024 * 1024;

/** The name of one file in a layer: longer ones are no names. */
export const tarExtensionBytesMax = 1024 * 1024;

/** How long a registry may be silent: a large layer is stored somewhere else first. */
export const registryIdleMs = 120_000;

/** Redirections of one request; a circle ends here. */
export const registryRedirectsMax = 5;

/** How often a blob is sent when the connection breaks or the registry stumbles. */
export const registryAttempts = 3;

/** Blobs of one image that are sent at once. */
export const uploadsAtOnce = 3;
