/**
 * Bounds of the reader. YAML comes from pull requests and chart values, so every bound is there against a document that
 * was written to hurt: what is over it is a YamlError, never a crash, a hang or a huge heap.
 */
export interface YamlLimits {
  /** Longest text, in UTF-16 code units. The API server takes 3 MiB and rendered umbrella charts reach some 20 MB. */
  textLengthMax: number;
  /** Deepest nesting of collections. Real manifests (CRD schemas) stay under 60. */
  depthMax: number;
  /** Most nodes of one document after aliases are expanded; a node costs about 100 bytes of heap. */
  nodesMax: number;
}

export const defaultLimits: YamlLimits = {
  textLengthMax: 64 * 1024 * 1024,
  depthMax: 1_000,
  nodesMax: 20_000_000,
};

/** The composer recurses once a level: a caller cannot raise depthMax to where the stack of the runtime ends. */
export const depthCeiling = 2_000;

/** Deepest value that the writer takes: a cycle ends here instead of in a stack overflow. */
export const encodeDepthMax = 1_000;

/** A simple key must find its ':' within this many characters (YAML 1.1, section 7.4.2), so look-ahead is bounded. */
export const simpleKeyLengthMax = 1_024;

/** Indentation and flow levels that the scanner remembers, as in go-yaml. Over depthMax on purpose: it is a backstop. */
export const scannerLevelsMax = 10_000;

/** Problems that parseDocuments keeps: an editor shows the first dozens, a generated mess must not fill the heap. */
export const problemsMax = 1_000;

/**
 * Alias budget, the ratio of go-yaml: while a document is small nearly all of its nodes may come from aliases; the
 * bigger the expanded document, the smaller that share may be. Stops "billion laughs" after some 400,000 nodes.
 */
export const aliasBudget = {
  aliasNodesMin: 100,
  nodesMin: 1_000,
  smallNodes: 400_000,
  largeNodes: 4_000_000,
  smallShare: 0.99,
  largeShare: 0.1,
} as const;
