import { fails } from "../cel-error.ts";
import { overload } from "../signature.ts";
import type { Overload } from "../signature.ts";
import { Duration, Timestamp } from "../value.ts";
import type { Value } from "../value.ts";

const SECOND = 1_000_000_000n;
const TIMESTAMP_MIN = -62_135_596_800n * SECOND;
const TIMESTAMP_MAX = 253_402_300_799n * SECOND + 999_999_999n;
const DURATION_MAX = 2n ** 63n - 1n;

export function checkTimestamp(nanoseconds: bigint): Timestamp {
  if (nanoseconds < TIMESTAMP_MIN || nanoseconds > TIMESTAMP_MAX) throw fails("timestamp overflow");
  return new Timestamp(nanoseconds);
}

export function checkDuration(nanoseconds: bigint): Duration {
  if (nanoseconds < -DURATION_MAX - 1n || nanoseconds > DURATION_MAX) throw fails("duration overflow");
  return new Duration(nanoseconds);
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Undefined when it is no RFC 3339 time. */
export function readTimestamp(text: string): bigint | undefined {
  const parts = RFC3339.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = parts;
  const numbers = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbers;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  date.setUTCHours(h, mi, s);
  const isReal = date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  if (!isReal) return undefined;
  return BigInt(date.getTime()) * 1_000_000n + BigInt(fraction.padEnd(9, "0")) - zoneOffset(zone);
}

function zoneOffset(zone: string): bigint {
  if (zone.toUpperCase() === "Z") return 0n;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return BigInt(zone.startsWith("-") ? -minutes : minutes) * 60n * SECOND;
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

/** As Go reads durations: `1h30m`, `-1.5s`. Undefined when it is none. */
export function readDuration(text: string): bigint | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const rest = text.slice(sign.length);
  if (rest === "0") return 0n;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of rest.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = UNITS[unit] ?? 0n;
    total += BigInt(whole === "" ? 0 : whole) * scale;
    if (fraction !== "") total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  if (total > DURATION_MAX) return undefined;
  return sign === "-" ? -total : total;
}

export function timestampText({ nanoseconds }: Timestamp): string {
  const milliseconds = floorDivide(nanoseconds, 1_000_000n);
  const whole = new Date(Number(milliseconds)).toISOString().replace(/\.\d+Z$/, "");
  const fraction = String(((nanoseconds % SECOND) + SECOND) % SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${whole}${fraction === "" ? "" : `.${fraction}`}Z`;
}

export function durationText({ nanoseconds }: Duration): string {
  const isNegative = nanoseconds < 0n;
  const absolute = isNegative ? -nanoseconds : nanoseconds;
  const fraction = String(absolute % SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${isNegative ? "-" : ""}${absolute / SECOND}${fraction === "" ? "" : `.${fraction}`}s`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** The wall clock of a zone, as a date whose UTC parts are the local ones. */
function localDate({ nanoseconds }: Timestamp, zone: string | undefined): Date {
  const utc = new Date(Number(floorDivide(nanoseconds, 1_000_000n)));
  if (zone === undefined || zone === "" || zone === "UTC") return utc;
  const fixed = /^([+-]?)(\d{1,2}):(\d{2})$/.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return new Date(utc.getTime() + (fixed[1] === "-" ? -minutes : minutes) * 60_000);
  }
  return namedZoneDate(utc, zone);
}

function namedZoneDate(utc: Date, zone: string): Date {
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    const parts = new Map(format.formatToParts(utc).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
    const local = new Date(0);
    local.setUTCFullYear(parts.get("era") === "BC" ? 1 - part("year") : part("year"), part("month") - 1, part("day"));
    local.setUTCHours(part("hour"), part("minute"), part("second"), utc.getUTCMilliseconds());
    return local;
  } catch (error) {
    if (error instanceof RangeError) throw fails(`unknown time zone ${zone}`);
    throw error;
  }
}

function dayOfYear(date: Date): number {
  const start = new Date(date);
  start.setUTCMonth(0, 1);
  return Math.round((date.getTime() - start.getTime()) / 86_400_000);
}

const PARTS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: dayOfYear,
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const OF_TIMESTAMPS: readonly Overload[] = Object.entries(PARTS).flatMap(([name, part]) => [
  overload(`timestamp::${name}(): int`, (time) => BigInt(part(localDate(time as Timestamp, undefined)))),
  overload(`timestamp::${name}(string): int`, (time, zone) =>
    BigInt(part(localDate(time as Timestamp, zone as string))),
  ),
]);

const OF_DURATIONS: readonly Overload[] = [
  ofDuration("getHours", (nanoseconds) => nanoseconds / (3600n * SECOND)),
  ofDuration("getMinutes", (nanoseconds) => nanoseconds / (60n * SECOND)),
  ofDuration("getSeconds", (nanoseconds) => nanoseconds / SECOND),
  ofDuration("getMilliseconds", (nanoseconds) => (nanoseconds / 1_000_000n) % 1000n),
];

function ofDuration(name: string, call: (nanoseconds: bigint) => Value): Overload {
  return overload(`duration::${name}(): int`, (duration) => call((duration as Duration).nanoseconds));
}

export const MOMENTS: readonly Overload[] = [...OF_TIMESTAMPS, ...OF_DURATIONS];
