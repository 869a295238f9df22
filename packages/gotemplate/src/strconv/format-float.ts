// strconv.FormatFloat: formats b, e, E, f, g, G, x, X; a negative precision means as many digits as needed.
import { fixedDecimal, floatParts, shortestDecimal, significantDecimal } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";

export interface FloatFormat {
  readonly verb: string;
  readonly precision: number;
  readonly bits: 32 | 64;
}

export function formatFloat(v: number, format: FloatFormat): string {
  if (Number.isNaN(v)) return "NaN";
  const negative = v < 0 || Object.is(v, -0);
  const sign = negative ? "-" : "";
  if (!Number.isFinite(v)) return negative ? "-Inf" : "+Inf";
  return sign + formatMagnitude(Math.abs(v), format);
}

function formatMagnitude(v: number, { verb, precision, bits }: FloatFormat): string {
  const shortest = precision < 0;
  switch (verb) {
    case "b":
      return formatBinary(v, bits);
    case "x":
    case "X":
      return formatHex(v, precision, bits, verb);
    case "e":
    case "E": {
      const decimal = shortest ? shortestDecimal(v, bits) : significantDecimal(v, precision + 1);
      return exponentForm(decimal, shortest ? Math.max(decimal.digits.length - 1, 0) : precision, verb);
    }
    case "f": {
      const decimal = shortest ? shortestDecimal(v, bits) : fixedDecimal(v, precision);
      return fixedForm(decimal, shortest ? Math.max(decimal.digits.length - decimal.point, 0) : precision);
    }
    default:
      return generalForm(v, { verb, precision, bits });
  }
}

function generalForm(v: number, { verb, precision, bits }: FloatFormat): string {
  const shortest = precision < 0;
  const count = precision === 0 ? 1 : precision;
  const decimal = shortest ? shortestDecimal(v, bits) : significantDecimal(v, count);
  const length = decimal.digits.length;
  // Without a precision the choice of form is made as if it were six digits, wherever the shortest digits end.
  const threshold = shortest ? 6 : count > length && length >= decimal.point ? length : count;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= threshold) {
    return exponentForm(
      decimal,
      Math.max(Math.min(shortest ? length : count, length) - 1, 0),
      verb === "G" ? "E" : "e",
    );
  }
  return fixedForm(decimal, Math.max(length - decimal.point, 0));
}

function exponentForm({ digits, point }: Decimal, decimals: number, letter: string): string {
  const all = digits.padEnd(decimals + 1, "0");
  const exponent = digits === "" ? 0 : point - 1;
  const fraction = decimals > 0 ? `.${all.slice(1, decimals + 1)}` : "";
  const magnitude = Math.abs(exponent).toString().padStart(2, "0");
  return `${all.slice(0, 1)}${fraction}${letter}${exponent < 0 ? "-" : "+"}${magnitude}`;
}

function fixedForm({ digits, point }: Decimal, decimals: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (decimals === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, decimals).padEnd(decimals, "0")}`;
}

/** The parts of a float of that size: float32 has 24 bits of mantissa and its own smallest exponent. */
function partsOf(v: number, bits: 32 | 64): { mantissa: bigint; exponent: number; mantissaBits: number } {
  const { mantissa, exponent } = floatParts(v);
  if (bits === 64) return { mantissa, exponent, mantissaBits: 52 };
  if (mantissa === 0n) return { mantissa, exponent: -149, mantissaBits: 23 };
  const shift = Math.max(29, -149 - exponent);
  return { mantissa: mantissa >> BigInt(shift), exponent: exponent + shift, mantissaBits: 23 };
}

function formatBinary(v: number, bits: 32 | 64): string {
  const { mantissa, exponent } = partsOf(v, bits);
  return `${mantissa}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}

function formatHex(v: number, precision: number, bits: 32 | 64, verb: string): string {
  const parts = partsOf(v, bits);
  let mantissa = parts.mantissa;
  let exponent = mantissa === 0n ? 0 : parts.exponent + parts.mantissaBits;
  // One digit before the point and 60 bits, 15 digits, behind it.
  mantissa <<= BigInt(60 - parts.mantissaBits);
  while (mantissa !== 0n && mantissa < 1n << 60n) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision >= 0 && precision < 15) {
    const dropped = BigInt(60 - precision * 4);
    const rest = mantissa & ((1n << dropped) - 1n);
    const half = 1n << (dropped - 1n);
    mantissa >>= dropped;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    mantissa <<= dropped;
    if (mantissa >= 1n << 61n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const lead = (mantissa >> 60n).toString();
  const all = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, "0");
  const digits = precision < 0 ? all.replace(/0+$/u, "") : all.slice(0, precision).padEnd(precision, "0");
  const magnitude = Math.abs(exponent).toString().padStart(2, "0");
  const text = `0x${lead}${digits === "" ? "" : `.${digits}`}p${exponent < 0 ? "-" : "+"}${magnitude}`;
  return verb === "X" ? text.toUpperCase() : text;
}
