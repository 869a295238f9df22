/** Amounts such as `1500m` and `2Gi`, exact to a billionth, as Kubernetes counts and writes them. */
export interface Quantity {
  /** Billionths. */
  readonly nanos: bigint;
  readonly format: "decimal" | "binary" | "exponent";
}

export const QUANTITY_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const NANOS = 1_000_000_000n;
const DIGITS_MAX = 40;
const EXPONENT_MAX = 30;
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,3}))$/;

const binarySuffixes: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};
const decimalPowers: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const suffixOfPower = new Map(Object.entries(decimalPowers).map(([suffix, power]) => [power, suffix]));

/** Clusters say the same few amounts again and again; so many of them are remembered. */
const rememberedMax = 1_024;
const remembered = new Map<
  string,
  { readonly quantity: Quantity | undefined; readonly canonical: string | undefined }
>();

/** Undefined when the text is no quantity. */
export function parseQuantity(value: unknown): Quantity | undefined {
  return recalled(value)?.quantity;
}

function recalled(
  value: unknown,
): { readonly quantity: Quantity | undefined; readonly canonical: string | undefined } | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  const known = remembered.get(text);
  if (known) return known;
  const quantity = read(text);
  const made = { quantity, canonical: quantity && formatQuantity(quantity) };
  if (text.length > DIGITS_MAX) return made;
  if (remembered.size >= rememberedMax) remembered.clear();
  remembered.set(text, made);
  return made;
}

function read(value: string): Quantity | undefined {
  const match = form.exec(value);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", binary, decimal = "", exponent] = match;
  if (whole + fraction === "" || whole.length + fraction.length > DIGITS_MAX) return undefined;
  const power = exponent === undefined ? (decimalPowers[decimal] ?? 0) : Number(exponent);
  if (Math.abs(power) > EXPONENT_MAX) return undefined;
  const factor = binary === undefined ? 1n : (binarySuffixes[binary] ?? 1n);
  const digits = BigInt(whole + fraction) * factor;
  const scale = power + 9 - fraction.length;
  const size = scale >= 0 ? digits * 10n ** BigInt(scale) : divideUp(digits, 10n ** BigInt(-scale));
  const format = binary === undefined ? (exponent === undefined ? "decimal" : "exponent") : "binary";
  return { nanos: sign === "-" ? -size : size, format };
}

export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return "0";
  const isSmall = nanos > -1024n * NANOS && nanos < 1024n * NANOS;
  if (format === "binary" && !isSmall && nanos % NANOS === 0n) return formatBinary(nanos / NANOS);
  let mantissa = nanos;
  let power = -9;
  while (power < 18 && mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    power += 3;
  }
  if (format === "exponent") return power === 0 ? String(mantissa) : `${mantissa}e${power}`;
  return `${mantissa}${suffixOfPower.get(power) ?? ""}`;
}

/** The text as the API server writes it back, or undefined when it is no quantity. */
export function canonicalQuantity(value: unknown): string | undefined {
  return recalled(value)?.canonical;
}

/** Less than, equal to or greater than zero; what is no quantity counts as nothing. */
export function compareQuantities(left: unknown, right: unknown): number {
  const difference = nanosOf(left) - nanosOf(right);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

export function nanosOf(value: unknown): bigint {
  return parseQuantity(value)?.nanos ?? 0n;
}

/** Whole units, rounded up: bytes of memory, a count of objects. */
export function wholeUnits(value: unknown): bigint {
  return divideUp(nanosOf(value), NANOS);
}

function formatBinary(units: bigint): string {
  let mantissa = units;
  let suffix = "";
  for (const [name, factor] of Object.entries(binarySuffixes)) {
    if (units % factor !== 0n) break;
    mantissa = units / factor;
    suffix = name;
  }
  return `${mantissa}${suffix}`;
}

function divideUp(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by > 0n ? quotient + 1n : quotient;
}

/** The sum, in the form of the first. */
export function sumQuantities(values: readonly unknown[]): string {
  const quantities = values.map(parseQuantity).filter((each) => each !== undefined);
  const nanos = quantities.reduce((sum, each) => sum + each.nanos, 0n);
  return formatQuantity({ nanos, format: quantities[0]?.format ?? "decimal" });
}
