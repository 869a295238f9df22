// Decimal digits of a float: the shortest that read back, or exactly as many as asked for.

export interface Decimal {
  /** Without leading and trailing zeros; empty for zero. */
  readonly digits: string;
  /** The decimal point is before the digit of this index: value = 0.DIGITS * 10^point. */
  readonly point: number;
}

const zero: Decimal = { digits: "", point: 0 };

function trimmed(digits: string, point: number): Decimal {
  const end = digits.replace(/0+$/u, "");
  return end === "" ? zero : { digits: end, point };
}

/** v >= 0 and finite. */
export function shortestDecimal(v: number, bits: 32 | 64): Decimal {
  if (v === 0) return zero;
  if (bits === 32) return shortestDecimal32(v);
  const [mantissa = "", exponent = "0"] = v.toExponential().split("e");
  return trimmed(mantissa.replace(".", ""), Number(exponent) + 1);
}

function shortestDecimal32(v: number): Decimal {
  for (let count = 1; count < 9; count++) {
    const decimal = significantDecimal(v, count);
    if (Math.fround(Number(`0.${decimal.digits}e${decimal.point}`)) === v) return decimal;
  }
  return significantDecimal(v, 9);
}

/** All the digits: a float is a whole number times a power of two, so they are finite. */
function exactDecimal(v: number): Decimal {
  if (v === 0) return zero;
  const { mantissa, exponent } = floatParts(v);
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return trimmed(digits, digits.length);
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return trimmed(digits, digits.length + exponent);
}

/** Rounds half to even at that many digits (none or fewer gives zero or one unit of the next place). */
function rounded(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal;
  if (count < 0) return zero;
  if (count >= digits.length) return decimal;
  const next = digits.charCodeAt(count) - 48;
  const odd = count > 0 && (digits.charCodeAt(count - 1) - 48) % 2 === 1;
  const up = next > 5 || (next === 5 && (digits.length > count + 1 || odd));
  if (!up) return trimmed(digits.slice(0, count), point);
  const raised = (BigInt(digits.slice(0, count) || "0") + 1n).toString().padStart(count, "0");
  return trimmed(raised, raised.length > count ? point + 1 : point);
}

/** That many significant digits. */
export function significantDecimal(v: number, count: number): Decimal {
  return rounded(exactDecimal(v), count);
}

/** That many digits after the decimal point. */
export function fixedDecimal(v: number, decimals: number): Decimal {
  const exact = exactDecimal(v);
  return rounded(exact, exact.point + decimals);
}

/** v = mantissa * 2^exponent, as IEEE 754 stores it. */
export function floatParts(v: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, v);
  const raw = view.getBigUint64(0);
  const fraction = raw & ((1n << 52n) - 1n);
  const biased = Number((raw >> 52n) & 0x7ffn);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}
