// Number literals as strconv reads them with base 0: prefixes, and underscores between digits.

const underscored =
  /^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;

const int64Min = -(1n << 63n);
const int64Max = (1n << 63n) - 1n;
const uint64Max = (1n << 64n) - 1n;

function parseWhole(text: string): bigint | undefined {
  if (!underscored.test(text)) return undefined;
  const negative = text.startsWith("-");
  let digits = text.replace(/^[+-]/u, "").replaceAll("_", "");
  // A leading zero alone means octal, which JavaScript only knows as 0o.
  if (/^0[0-7]+$/.test(digits)) digits = `0o${digits.slice(1)}`;
  const value = BigInt(digits);
  return negative ? -value : value;
}

/** strconv.ParseInt(text, 0, 64); undefined if it is no integer or out of range. */
export function parseInt64(text: string): bigint | undefined {
  const value = parseWhole(text);
  return value === undefined || value < int64Min || value > int64Max ? undefined : value;
}

/** strconv.ParseUint(text, 0, 64), which takes no sign. */
export function parseUint64(text: string): bigint | undefined {
  const value = /^[+-]/.test(text) ? undefined : parseWhole(text);
  return value === undefined || value > uint64Max ? undefined : value;
}

const decimalFloat = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/;
const misplaced = /(?<![0-9])_|_(?![0-9])/u;
const misplacedHex = /(?<![0-9a-fA-F]|^[+-]?0[xX])_|_(?![0-9a-fA-F])/u;

/** Underscores are only allowed between digits, and between a base prefix and the first digit. */
function hasMisplacedUnderscore(text: string): boolean {
  return (/^[+-]?0[xX]/u.test(text) ? misplacedHex : misplaced).test(text);
}

/** strconv.ParseFloat(text, 64); undefined if it is no number or too large. */
export function parseFloat64(text: string): number | undefined {
  if (text.includes("_")) {
    // Underscores are only for literals with a base prefix or plain decimal ones, and only between digits.
    if (hasMisplacedUnderscore(text)) return undefined;
    return parseFloat64(text.replaceAll("_", ""));
  }
  const value = decimalFloat.test(text) ? Number(text) : parseHexFloat(text);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

function parseHexFloat(text: string): number | undefined {
  const match = hexFloat.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const digits = whole + fraction;
  if (digits === "") return undefined;
  const exponent = Number(power) - 4 * fraction.length;
  const mantissa = BigInt(`0x${digits}`);
  const magnitude = scaled(mantissa, exponent);
  return sign === "-" ? -magnitude : magnitude;
}

/** mantissa * 2^exponent, rounded once. */
function scaled(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  if (bits + exponent > 1024) return Infinity;
  if (bits + exponent < -1080) return 0;
  if (exponent >= 0) return Number(mantissa << BigInt(exponent));
  const dropped = Math.max(-1074 - exponent, bits - 53);
  if (dropped <= 0) return Number(mantissa) * 2 ** exponent;
  const shift = BigInt(dropped);
  const rest = mantissa & ((1n << shift) - 1n);
  const half = 1n << (shift - 1n);
  let kept = mantissa >> shift;
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept++;
  const power = exponent + dropped;
  return power < -1022 ? Number(kept) * 2 ** -1022 * 2 ** (power + 1022) : Number(kept) * 2 ** power;
}
