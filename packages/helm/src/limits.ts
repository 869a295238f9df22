/** Bounds of the renderer. Those that Helm has are Helm's numbers, so that the same charts load. */
export const limits = {
  /** Helm's own bound for all files of an archive together, decompressed. */
  archiveBytesMax: 100 * 1024 * 1024,
  /** Helm's own bound for one file of a chart. */
  fileBytesMax: 5 * 1024 * 1024,
  /** An archive of empty files costs memory per entry; the largest public charts have about 2,000 files. */
  archiveEntriesMax: 50_000,
  /** Charts within charts within charts: the deepest public one has 4 levels; a nested .tgz could go on forever. */
  chartDepthMax: 32,
  /** Helm's own bound for `a[N]` in --set: a longer list is a typing error or an attack on memory. */
  setIndexMax: 65_536,
  /** Helm's own bound for the number of dots in a --set name. */
  setNestingMax: 30,
  /** Helm's own bound for nested `include` of one name; then it gives up with an error. */
  includeDepthMax: 1000,
  /** What all templates of a chart may print together, in characters: a hundred times the largest public chart. */
  outputLengthMax: 256 * 1024 * 1024,
  /** Nodes that one template file may execute: thirty times the largest public one, about a second of work. */
  templateStepsMax: 3_000_000,
  /** Nesting of a values schema and of the value that is checked; both come from outside. */
  schemaDepthMax: 500,
  /** Keyword evaluations of one schema check: nested anyOf grows exponentially in a hostile schema. */
  schemaStepsMax: 200_000,
  /** Parsed texts of `tpl` and of templates that are kept for the next render; the least used go first. */
  parsedTemplatesMax: 8192,
  /** Compiled values schemas that are kept for the next render. */
  compiledSchemasMax: 128,
} as const;
