/**
 * Bounds of one build. They stand far above anything seen in public repositories, and stop input that was made to exhaust
 * memory or the stack: passing one ends the build with an error of code "limit" that names it.
 */
export const limits = {
  /** Kustomization files of one build, each visit counted: a diamond of bases doubles with every level. */
  kustomizationsMax: 5_000,
  /** How deep bases refer to bases; each level holds its accumulated resources. */
  depthMax: 64,
  /** Files read in one build. */
  filesMax: 50_000,
  /** Bytes of one file: generators hold a file several times (bytes, text, base64). */
  fileBytesMax: 64 * 1024 * 1024,
  /** Objects of one build; every transformer visits all of them. */
  resourcesMax: 100_000,
  /** Nesting of one document, so that recursion over it cannot overflow the stack. */
  nodeDepthMax: 1_000,
  /** Nodes that aliases may add to one document. */
  aliasNodesMax: 1_000_000,
  /** Characters of a pattern in a target selector or an image name. */
  patternCharactersMax: 1_000,
} as const;
