/** Amounts of processors, memory and other things, as Kubernetes writes them: exact, in billionths. */
export type Quantity = bigint;

const one = 1_000_000_000n;

const factors: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1_000n,
  m: 1_000_000n,
  "": one,
  k: one * 1_000n,
  M: one * 1_000n ** 2n,
  G: one * 1_000n ** 3n,
  T: one * 1_000n ** 4n,
  P: one * 1_000n ** 5n,
  E: one * 1_000n ** 6n,
  Ki: one * 1_024n,
  Mi: one * 1_024n ** 2n,
  Gi: one * 1_024n ** 3n,
  Ti: one * 1_024n ** 4n,
  Pi: one * 1_024n ** 5n,
  Ei: one * 1_024n ** 6n,
};

/** What the API server accepted is well formed; anything else counts as nothing. */
export function parseQuantity(text: string | number | undefined): Quantity {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|(n|u|m|k|[KMGTPE]i?|))$/u.exec(String(text ?? "0"));
  if (match === null) return 0n;
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  const digits = BigInt(`${whole}${fraction}` === "" ? "0" : `${whole}${fraction}`);
  const factor = exponent === undefined ? (factors[suffix] ?? one) : exponentFactor(Number(exponent));
  const divisor = 10n ** BigInt(fraction.length);
  const value = (digits * factor + divisor - 1n) / divisor;
  return sign === "-" ? -value : value;
}

function exponentFactor(exponent: number): bigint {
  return exponent >= 0 ? one * 10n ** BigInt(exponent) : one / 10n ** BigInt(-exponent);
}

/** Thousandths, rounded up. */
export function milliValue(quantity: Quantity): number {
  return Number(divideUp(quantity, 1_000_000n));
}

/** Whole ones, rounded up. */
export function wholeValue(quantity: Quantity): number {
  return Number(divideUp(quantity, one));
}

export function quantityOfMilli(milli: number): Quantity {
  return BigInt(Math.round(milli)) * 1_000_000n;
}

/** In the shortest form of its family: `250m`, `2`, `1500M`; with powers of 1024 `512Mi`. */
export function formatQuantity(quantity: Quantity, family: "decimal" | "binary"): string {
  if (quantity < 0n) return `-${formatQuantity(-quantity, family)}`;
  if (quantity === 0n) return "0";
  const suffixes =
    family === "binary" && quantity % one === 0n && quantity >= one * 1_024n
      ? ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki", ""]
      : ["E", "P", "T", "G", "M", "k", "", "m", "u", "n"];
  for (const suffix of suffixes) {
    const factor = factors[suffix] ?? one;
    if (quantity >= factor && quantity % factor === 0n) return `${quantity / factor}${suffix}`;
  }
  return `${quantity}n`;
}

/** The family in which a text is written. */
export function familyOf(text: string | number | undefined): "decimal" | "binary" {
  return String(text ?? "").endsWith("i") ? "binary" : "decimal";
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return value > 0n ? (value + divisor - 1n) / divisor : value / divisor;
}
