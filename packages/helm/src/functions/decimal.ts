// Exact decimal arithmetic for addf and family, which go through github.com/shopspring/decimal.

/** value * 10^exponent */
interface Decimal {
  readonly value: bigint;
  readonly exponent: number;
}

const divisionDigits = 16;

export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new Error(`Cannot create a Decimal from ${name}`);
  }
  if (value === 0) return { value: 0n, exponent: 0 };
  const [digits = "0", power = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = digits.split(".");
  return { value: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

export function toFloat({ value, exponent }: Decimal): number {
  return Number(`${value}e${exponent}`);
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return { value: scaled(left, exponent) + scaled(right, exponent), exponent };
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { value: -right.value, exponent: right.exponent });
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { value: left.value * right.value, exponent: left.exponent + right.exponent };
}

/** Sixteen digits behind the point, the last one rounded half away from zero. */
export function divideDecimals(left: Decimal, right: Decimal): Decimal {
  if (right.value === 0n) throw new Error("decimal division by 0");
  const shift = left.exponent - right.exponent + divisionDigits;
  const dividend = shift > 0 ? left.value * 10n ** BigInt(shift) : left.value;
  const divisor = shift < 0 ? right.value * 10n ** BigInt(-shift) : right.value;
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  if (2n * magnitude(rest) < magnitude(divisor)) return { value: quotient, exponent: -divisionDigits };
  const away = dividend < 0n === divisor < 0n ? 1n : -1n;
  return { value: quotient + away, exponent: -divisionDigits };
}

function scaled({ value, exponent }: Decimal, to: number): bigint {
  return value * 10n ** BigInt(exponent - to);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
