const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);
const uint64Max = 2n ** 64n - 1n;

const floatForm = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const dotFloatForm = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const decimalForm = /^(?:0|[1-9][0-9]*)$/;
const octalForm = /^0[0-7]+$/;
const prefixedForm = /^0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$/;
const binaryForm = /^[-+]?[01]+$/;

/** Digits that are certain to be exact in a double. */
const exactDigits = 15;

/**
 * The integer that Go's strconv finds in a text with base 0, as go-yaml uses it: underscores are nothing, 0x, 0o, 0b and
 * a leading zero choose the base, and what does not fit 64 bits is no integer.
 */
export function parseInteger(text: string): number | bigint | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const first = plain.charCodeAt(0);
  const signed = first === 43 || first === 45;
  const digits = signed ? plain.slice(1) : plain;
  const value = parseMagnitude(digits);
  if (value === undefined) {
    return parseSignedBinary(plain);
  }
  if (typeof value === "number") {
    return first === 45 ? 0 - value : value;
  }
  return fit64(first === 45 ? -value : value, !signed);
}

function parseMagnitude(digits: string): number | bigint | undefined {
  if (decimalForm.test(digits)) {
    return digits.length <= exactDigits ? Number(digits) : BigInt(digits);
  }
  if (octalForm.test(digits)) {
    return BigInt(`0o${digits.slice(1)}`);
  }
  return prefixedForm.test(digits) ? BigInt(digits) : undefined;
}

/** go-yaml hands what follows "0b" to strconv once more, which then takes a sign there. */
function parseSignedBinary(plain: string): number | bigint | undefined {
  if (!plain.startsWith("0b") || !binaryForm.test(plain.slice(2))) {
    return undefined;
  }
  const negative = plain.charCodeAt(2) === 45;
  const value = BigInt(`0b${plain.slice(3)}`);
  return fit64(negative ? -value : value, false);
}

function fit64(value: bigint, unsigned: boolean): number | bigint | undefined {
  if (value < int64Min || value > (unsigned ? uint64Max : int64Max)) {
    return undefined;
  }
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : value;
}

/** A float in YAML's decimal notation; one that overflows a double is none. */
export function parseFloat64(text: string): number | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  return finite(floatForm.test(plain) ? plain : undefined);
}

/** A float that starts with a dot: there strconv itself takes underscores, but only between digits. */
export function parseDotFloat(text: string): number | undefined {
  return finite(dotFloatForm.test(text) ? text.replaceAll("_", "") : undefined);
}

function finite(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether Go would hold the integer as uint64. */
export function isUnsigned64(value: number | bigint): boolean {
  return value > int64Max;
}
