// Durations in nanoseconds, as Go's time package reads and writes them.
import { toByteText } from "../byte-text.ts";

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const durationLimit = 1n << 63n;

/** time.ParseDuration; the thrown message is Go's. */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith("-");
  let rest = text.replace(/^[-+]/u, "");
  if (rest === "0") return 0n;
  const invalid = (reason = "invalid duration"): Error => new Error(`time: ${reason} ${quoteForTime(text)}`);
  if (rest === "") throw invalid();
  let total = 0n;
  while (rest !== "") {
    const [number = "", whole = "", fraction = ""] = /^([0-9]*)(?:\.([0-9]*))?/u.exec(rest) ?? [];
    if (whole === "" && fraction === "") throw invalid();
    rest = rest.slice(number.length);
    const unit = /^[^.0-9]+/u.exec(rest)?.[0] ?? "";
    if (unit === "") throw invalid("missing unit in duration");
    rest = rest.slice(unit.length);
    const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (size === undefined) throw invalid(`unknown unit ${quoteForTime(unit)} in duration`);
    if (BigInt(whole) > durationLimit) throw invalid();
    total += BigInt(whole) * size + fractionOf(fraction, size);
    if (total > durationLimit) throw invalid();
  }
  if (!negative && total === durationLimit) throw invalid();
  return negative ? -total : total;
}

/** In floating point, as Go does it. */
function fractionOf(digits: string, unit: bigint): bigint {
  if (digits === "") return 0n;
  const kept = digits.slice(0, 18);
  return BigInt(Math.trunc(Number(kept) * (Number(unit) / 10 ** kept.length)));
}

const second = 1_000_000_000n;

/** time.Duration.String */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return "0s";
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${withFraction(size, 3)}µs`;
  if (size < second) return `${sign}${withFraction(size, 6)}ms`;
  const minutes = size / (60n * second);
  const seconds = `${withFraction(size % (60n * second), 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return `${sign}${hours === 0n ? "" : `${hours}h`}${minutes % 60n}m${seconds}`;
}

function withFraction(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const fraction = (value % unit).toString().padStart(digits, "0").replace(/0+$/u, "");
  return `${value / unit}${fraction === "" ? "" : `.${fraction}`}`;
}

/** time.Duration.Round: to a multiple of the unit, halves away from zero. */
export function roundDuration(nanoseconds: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanoseconds;
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const rounded = ((size + unit / 2n + (unit % 2n)) / unit) * unit;
  return nanoseconds < 0n ? -rounded : rounded;
}

/** The quotes of Go's time package: what is not ASCII is written byte by byte. */
function quoteForTime(text: string): string {
  return quoteBytes(toByteText(text));
}

/** The same for a byte text. */
export function quoteBytes(bytes: string): string {
  let result = "";
  for (const char of bytes) {
    if (char < " " || char > "\x7f") result += `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
    else result += char === '"' || char === "\\" ? `\\${char}` : char;
  }
  return `"${result}"`;
}
