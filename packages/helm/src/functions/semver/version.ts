export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly pre: string;
  readonly metadata: string;
  /** The text that was parsed. */
  readonly original: string;
}

const uint64Max = (1n << 64n) - 1n;
const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const loose = new RegExp(
  String.raw`^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-(${identifiers}))?(?:\+(${identifiers}))?$`,
  "u",
);

/** Parses a version; what is wrong with it is the thrown message. */
export function requireVersion(text: string): Version {
  const match = loose.exec(text);
  if (match === null) throw new Error("invalid semantic version");
  const [, major = "", minor = "0", patch = "0", pre = "", metadata = ""] = match;
  const version = {
    major: segment(major),
    minor: segment(minor),
    patch: segment(patch),
    pre,
    metadata,
    original: text,
  };
  for (const part of pre.split(".")) {
    if (/^0[0-9]+$/u.test(part)) throw new Error("version segment starts with 0");
  }
  return version;
}

function segment(digits: string): bigint {
  const value = BigInt(digits);
  if (value > uint64Max) {
    throw new Error(`error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`);
  }
  return value;
}

/** The version, or undefined if the text is none. */
export function parseVersion(text: string): Version | undefined {
  try {
    return requireVersion(text);
  } catch {
    return undefined;
  }
}

export function formatVersion({ major, minor, patch, pre, metadata }: Version): string {
  return `${major}.${minor}.${patch}${pre === "" ? "" : `-${pre}`}${metadata === "" ? "" : `+${metadata}`}`;
}

/** Below zero, zero or above zero. Metadata does not count. */
export function compareVersions(left: Version, right: Version): number {
  return (
    compareNumbers(left.major, right.major) ||
    compareNumbers(left.minor, right.minor) ||
    compareNumbers(left.patch, right.patch) ||
    comparePresence(left.pre, right.pre)
  );
}

function compareNumbers(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparePresence(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "") return 1;
  if (right === "") return -1;
  return comparePrereleases(left, right);
}

export function comparePrereleases(left: string, right: string): number {
  const lefts = left.split(".");
  const rights = right.split(".");
  for (let at = 0; at < Math.max(lefts.length, rights.length); at++) {
    const order = compareParts(lefts[at] ?? "", rights[at] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "") return -1;
  if (right === "") return 1;
  const leftNumber = numeric(left);
  const rightNumber = numeric(right);
  if (leftNumber === undefined && rightNumber === undefined) return left > right ? 1 : -1;
  // Numbers come before words; two numbers of the same value but other text count as smaller, as upstream has it.
  if (rightNumber === undefined) return -1;
  if (leftNumber === undefined) return 1;
  return leftNumber > rightNumber ? 1 : -1;
}

function numeric(text: string): bigint | undefined {
  if (!/^[0-9]+$/u.test(text)) return undefined;
  const value = BigInt(text);
  return value > uint64Max ? undefined : value;
}
