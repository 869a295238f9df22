/** Kinds of tokens. Plain numbers, because the parser compares them for every token. */
export const streamEnd = 1;
export const versionDirective = 2;
export const tagDirective = 3;
export const documentStart = 4;
export const documentEnd = 5;
export const blockSequenceStart = 6;
export const blockMappingStart = 7;
export const blockEnd = 8;
export const flowSequenceStart = 9;
export const flowSequenceEnd = 10;
export const flowMappingStart = 11;
export const flowMappingEnd = 12;
export const blockEntry = 13;
export const flowEntry = 14;
export const keyToken = 15;
export const valueToken = 16;
export const aliasToken = 17;
export const anchorToken = 18;
export const tagToken = 19;
export const scalarToken = 20;

export const plainStyle = 0;
export const singleStyle = 1;
export const doubleStyle = 2;
export const literalStyle = 3;
export const foldedStyle = 4;

/**
 * A token lives in a pool and is used again.
 *
 * `marks` says what comes in front of it: an implicit key is only known when its ':' is found, and then the token that
 * starts the key is marked instead of putting KEY and BLOCK-MAPPING-START tokens into the queue before it.
 */
export class Token {
  kind = 0;
  /** 0: nothing, 1: a KEY comes first, 2: a BLOCK-MAPPING-START and a KEY come first. */
  marks = 0;
  /** The level of the simple key that may start here, or -1. */
  keyLevel = -1;
  style = 0;
  start = 0;
  end = 0;
  /** 0-based line of the start. */
  line = 0;
  /** Text of a scalar, name of an anchor, handle of a tag, major.minor of a version. */
  value = "";
  /** Suffix of a tag, prefix of a tag directive. */
  suffix = "";
}
