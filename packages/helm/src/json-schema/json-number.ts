import { GoNumber } from "@fairway/gotemplate";

/** A number of a schema, with the text that the schema has for it. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An exact decimal: `digits` times ten to the power of `-scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Exponents beyond this are no numbers that anybody means; exact arithmetic with them would take all memory. */
const exponentMax = 2000;

/** The exact value of anything that counts as a number, or undefined. */
export function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value === "bigint") return { digits: value, scale: 0 };
  if (typeof value === "number") return Number.isFinite(value) ? parseDecimal(String(value)) : undefined;
  if (value instanceof GoNumber) return decimalOf(value.value);
  return value instanceof JsonNumber ? parseDecimal(value.text) : undefined;
}

export function isNumber(value: unknown): boolean {
  return (
    typeof value === "number" || typeof value === "bigint" || value instanceof GoNumber || value instanceof JsonNumber
  );
}

function parseDecimal(text: string): Decimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/u.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const power = Number(exponent);
  if (Math.abs(power) > exponentMax) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, scale: fraction.length - power };
}

/** Both values with the same scale. */
function align(left: Decimal, right: Decimal): [bigint, bigint] {
  const scale = Math.max(left.scale, right.scale);
  return [left.digits * 10n ** BigInt(scale - left.scale), right.digits * 10n ** BigInt(scale - right.scale)];
}

export function compareDecimals(left: Decimal, right: Decimal): number {
  const [a, b] = align(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isMultiple(value: Decimal, of: Decimal): boolean {
  const [a, b] = align(value, of);
  return b === 0n || a % b === 0n;
}

export function isWhole(value: Decimal): boolean {
  return value.scale <= 0 || value.digits % 10n ** BigInt(value.scale) === 0n;
}

export function toNumber(value: Decimal): number {
  return Number(`${value.digits}e${-value.scale}`);
}
