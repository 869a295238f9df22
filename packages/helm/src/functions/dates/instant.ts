import { monthNames } from "./layout.ts";
import { type Zone, utc } from "./zone.ts";

/** A point in time and the zone that it is shown in. */
export interface Instant {
  /** Since 1970. */
  readonly nanoseconds: bigint;
  readonly zone: Zone;
}

export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Within the second. */
  readonly nanosecond: number;
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearDay: number;
  readonly zoneName: string;
  /** Seconds east of Greenwich. */
  readonly offset: number;
}

const second = 1_000_000_000n;

export function epochSeconds({ nanoseconds }: Instant): bigint {
  const whole = nanoseconds / second;
  return nanoseconds % second < 0n ? whole - 1n : whole;
}

/** Milliseconds that a Date can hold; further away the calendar ends. */
const dateMax = 8_640_000_000_000_000;

export function civilOf(instant: Instant): Civil {
  const seconds = epochSeconds(instant);
  const { name, offset } = instant.zone.at(Number(seconds));
  const milliseconds = Math.min(Math.max((Number(seconds) + offset) * 1000, -dateMax), dateMax);
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: Number(instant.nanoseconds - seconds * second),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((milliseconds - utcMilliseconds({ year })) / 86_400_000) + 1,
    zoneName: name,
    offset,
  };
}

export type CivilParts = Partial<Pick<Civil, "year" | "month" | "day" | "hour" | "minute" | "second" | "nanosecond">>;

/** Parts out of their range carry over, as in time.Date. */
function utcMilliseconds({ year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0 }: CivilParts): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  return date.getTime();
}

export function instantOf(parts: CivilParts, zone: Zone = utc): Instant {
  const seconds = utcMilliseconds(parts) / 1000;
  // The offset depends on the time and the time on the offset: the second guess is right but for gaps in the clock.
  const guess = zone.at(seconds - zone.at(seconds).offset).offset;
  return { nanoseconds: BigInt(seconds - guess) * second + BigInt(parts.nanosecond ?? 0), zone };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysIn(month: number, year: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

export function monthName(month: number): string {
  return monthNames[month - 1] ?? `%!Month(${month})`;
}

/** The time that Go gives where it has none: the first day of the year one. */
export const zeroInstant: Instant = instantOf({ year: 1 });
