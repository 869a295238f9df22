import { type GoFunction, GoNumber, GoStruct, defineFunction } from "@fairway/gotemplate";
import { roundDuration } from "./dates/duration.ts";
import { formatDuration, parseDuration } from "./dates/duration-value.ts";
import { formatTime } from "./dates/format-time.ts";
import { type Instant, epochSeconds, zeroInstant } from "./dates/instant.ts";
import { parseTime } from "./dates/parse-time.ts";
import { instantOfValue, timeValue } from "./dates/time-value.ts";
import { utc, zoneNamed } from "./dates/zone.ts";
import type { HelmEnvironment } from "./environment.ts";

const second = 1_000_000_000n;
const day = "2006-01-02";

export function dateFunctions(environment: HelmEnvironment): Readonly<Record<string, GoFunction>> {
  const now = (): Instant => ({ nanoseconds: BigInt(Math.floor(environment.now())) * 1_000_000n, zone: utc });
  const inZone = (layout: string, date: unknown, zone: string): string =>
    formatTime({ ...(instantFrom(date) ?? now()), zone: zoneNamed(zone) ?? utc }, layout);
  const dateInZone = defineFunction(["string", "any", "string"], "string", inZone);
  return {
    ...clocklessFunctions,
    now: defineFunction([], "time.Time", () => timeValue(now())),
    date: defineFunction(["string", "any"], "string", (layout, date) => inZone(layout, date, "Local")),
    dateInZone,
    date_in_zone: dateInZone,
    htmlDate: defineFunction(["any"], "string", (date) => inZone(day, date, "Local")),
    htmlDateInZone: defineFunction(["any", "string"], "string", (date, zone) => inZone(day, date, zone)),
    ago: defineFunction(["any"], "string", (date) => {
      const passed = now().nanoseconds - (instantFrom(date, false) ?? now()).nanoseconds;
      return formatDuration(roundDuration(passed, second));
    }),
    durationRound: defineFunction(["any"], "string", (value) => roundedDuration(value, now)),
  };
}

const dateModify = defineFunction(["string", "time.Time"], "time.Time", (text, date) => {
  try {
    return shifted(date, parseDuration(text));
  } catch {
    // As upstream: what is no duration changes nothing.
    return date;
  }
});
const mustDateModify = defineFunction(["string", "time.Time"], "time.Time", (text, date) =>
  shifted(date, parseDuration(text)),
);

const clocklessFunctions: Readonly<Record<string, GoFunction>> = {
  dateModify,
  date_modify: dateModify,
  mustDateModify,
  must_date_modify: mustDateModify,
  duration: defineFunction(["any"], "string", (seconds) =>
    formatDuration(BigInt.asIntN(64, secondsOf(seconds) * second)),
  ),
  toDate: defineFunction(["string", "string"], "time.Time", (layout, text) => {
    try {
      return timeValue(parseTime(layout, text));
    } catch {
      // As upstream: what is no date is the zero time.
      return timeValue(zeroInstant);
    }
  }),
  mustToDate: defineFunction(["string", "string"], "time.Time", (layout, text) => timeValue(parseTime(layout, text))),
  unixEpoch: defineFunction(["time.Time"], "string", (date) => {
    const instant = instantOfValue(date);
    return instant === undefined ? "" : String(epochSeconds(instant));
  }),
};

/** A date, or a number of seconds since 1970 of the types that Sprig looks for. */
function instantFrom(value: unknown, int32 = true): Instant | undefined {
  if (value instanceof GoStruct) return instantOfValue(value);
  if (typeof value === "bigint") return { nanoseconds: value * second, zone: utc };
  if (!(value instanceof GoNumber) || value.type !== undefined) return undefined;
  if (value.kind !== "int64" && !(value.kind === "int32" && int32)) return undefined;
  return { nanoseconds: BigInt(value.value) * second, zone: utc };
}

function shifted(date: unknown, nanoseconds: bigint): GoStruct {
  const instant = instantOfValue(date) ?? zeroInstant;
  return timeValue({ ...instant, nanoseconds: instant.nanoseconds + nanoseconds });
}

/** Only texts and int64 count; the ordinary int does not. */
function secondsOf(value: unknown): bigint {
  if (typeof value === "string") return /^[+-]?[0-9]+$/u.test(value) ? clamped(BigInt(value.replace("+", ""))) : 0n;
  return isInt64(value) ? BigInt(value.value) : 0n;
}

function isInt64(value: unknown): value is GoNumber {
  return value instanceof GoNumber && value.kind === "int64" && value.type === undefined;
}

function clamped(value: bigint): bigint {
  const limit = 1n << 63n;
  return value >= limit ? limit - 1n : value < -limit ? -limit : value;
}

const hour = 3_600n * second;
const roundingUnits: readonly (readonly [bigint, string])[] = [
  [hour * 24n * 365n, "y"],
  [hour * 24n * 30n, "mo"],
  [hour * 24n, "d"],
  [hour, "h"],
  [60n * second, "m"],
  [second, "s"],
];

/** The largest unit that fits more than once, without a sign. */
function roundedDuration(value: unknown, now: () => Instant): string {
  const nanoseconds = durationOf(value, now);
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const unit = roundingUnits.find(([length]) => size > length);
  return unit === undefined ? "0s" : `${size / unit[0]}${unit[1]}`;
}

function durationOf(value: unknown, now: () => Instant): bigint {
  if (isInt64(value)) return BigInt(value.value);
  const instant = instantOfValue(value);
  if (instant !== undefined) return now().nanoseconds - instant.nanoseconds;
  if (typeof value !== "string") return 0n;
  try {
    return parseDuration(value);
  } catch {
    return 0n;
  }
}
