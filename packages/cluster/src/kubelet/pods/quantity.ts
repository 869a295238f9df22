const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1000n,
  m: 1_000_000n,
  "": 1_000_000_000n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 1024n * 10n ** 9n,
  Mi: 1024n ** 2n * 10n ** 9n,
  Gi: 1024n ** 3n * 10n ** 9n,
  Ti: 1024n ** 4n * 10n ** 9n,
  Pi: 1024n ** 5n * 10n ** 9n,
  Ei: 1024n ** 6n * 10n ** 9n,
};

/** A quantity in billionths, e.g. `100m` as 100,000,000. The API server has validated it; what it could not be counts as 0. */
export function parseQuantity(text: string): bigint {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([a-zA-Z]*))$/u.exec(text.trim());
  if (match === null) return 0n;
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  const factor = exponent === undefined ? suffixes[suffix] : 10n ** BigInt(Math.max(0, 9 + Number(exponent)));
  if (factor === undefined) return 0n;
  const digits = BigInt(`${whole}${fraction}` === "" ? "0" : `${whole}${fraction}`);
  const value = (digits * factor) / 10n ** BigInt(fraction.length);
  return sign === "-" ? -value : value;
}

/** A quantity counted in units of another one, rounded up, as the downward API does. */
export function quantityInUnits(quantity: bigint, divisor: bigint): bigint {
  const unit = divisor === 0n ? (suffixes[""] ?? 1n) : divisor;
  return (quantity + unit - 1n) / unit;
}

/** Whole units, rounded up: bytes of `1Gi`, cores of `100m`. */
export function wholeUnits(text: string): number {
  return Number(quantityInUnits(parseQuantity(text), 1_000_000_000n));
}

/** Thousandths, rounded up: the unit in which processors are counted. */
export function milliUnits(text: string): number {
  return Number(quantityInUnits(parseQuantity(text), 1_000_000n));
}
