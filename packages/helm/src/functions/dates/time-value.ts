import { GoNumber, GoStruct, defineFunction, stringToBytes } from "@fairway/gotemplate";
import type { GoType } from "@fairway/gotemplate";
import { durationValue } from "./duration-value.ts";
import { formatTime } from "./format-time.ts";
import { type Civil, type Instant, civilOf, epochSeconds, instantOf, monthName, zeroInstant } from "./instant.ts";
import { dayNames } from "./layout.ts";
import { utc } from "./zone.ts";

const instants = new WeakMap<object, Instant>();

/** The instant of a time.Time, undefined for anything else. */
export function instantOfValue(value: unknown): Instant | undefined {
  return value instanceof GoStruct ? instants.get(value.fields) : undefined;
}

function required(value: unknown): Instant {
  const instant = instantOfValue(value);
  if (instant === undefined) throw new TypeError("no time.Time");
  return instant;
}

type Methods = NonNullable<GoType["methods"]>;

function named(type: string, name: (value: number) => string): GoType {
  return {
    name: type,
    kind: "int",
    methods: {
      String: (value) =>
        defineFunction([], "string", () => name(value instanceof GoNumber ? Number(value.value) : Number.NaN)),
    },
  };
}

const monthType = named("time.Month", monthName);
const weekdayType = named("time.Weekday", (day) => dayNames[day] ?? "");

function part(pick: (civil: Civil) => number): Methods[string] {
  return (value) => defineFunction([], "int", () => BigInt(pick(civilOf(required(value)))));
}

function since1970(unit: bigint): Methods[string] {
  return (value) =>
    defineFunction([], "int64", () => new GoNumber("int64", floorDivide(required(value).nanoseconds, unit)));
}

function compared(test: (left: bigint, right: bigint) => unknown, result = "bool"): Methods[string] {
  return (value) =>
    defineFunction(["time.Time"], result, (other) => test(required(value).nanoseconds, required(other).nanoseconds));
}

function inUtc(value: unknown): ReturnType<typeof defineFunction> {
  return defineFunction([], "time.Time", () => timeValue({ ...required(value), zone: utc }));
}

const methods: Methods = {
  Format: (value) => defineFunction(["string"], "string", (layout) => formatTime(required(value), layout)),
  String: (value) =>
    defineFunction([], "string", () => formatTime(required(value), "2006-01-02 15:04:05.999999999 -0700 MST")),
  MarshalText: (value) =>
    defineFunction([], "[]uint8", () =>
      stringToBytes(formatTime(required(value), "2006-01-02T15:04:05.999999999Z07:00")),
    ),
  Year: part(({ year }) => year),
  Day: part(({ day }) => day),
  Hour: part(({ hour }) => hour),
  Minute: part(({ minute }) => minute),
  Second: part(({ second }) => second),
  Nanosecond: part(({ nanosecond }) => nanosecond),
  YearDay: part(({ yearDay }) => yearDay),
  Month: (value) =>
    defineFunction([], "time.Month", () => new GoNumber("int", civilOf(required(value)).month, monthType)),
  Weekday: (value) =>
    defineFunction([], "time.Weekday", () => new GoNumber("int", civilOf(required(value)).weekday, weekdayType)),
  Unix: since1970(1_000_000_000n),
  UnixMilli: since1970(1_000_000n),
  UnixMicro: since1970(1_000n),
  UnixNano: since1970(1n),
  UTC: inUtc,
  Local: inUtc,
  IsZero: (value) => defineFunction([], "bool", () => required(value).nanoseconds === zeroInstant.nanoseconds),
  Before: compared((left, right) => left < right),
  After: compared((left, right) => left > right),
  Equal: compared((left, right) => left === right),
  Compare: compared((left, right) => (left < right ? -1n : left > right ? 1n : 0n), "int"),
  Sub: compared((left, right) => durationValue(left - right), "time.Duration"),
  Add: (value) =>
    defineFunction(["time.Duration"], "time.Time", (duration) => {
      const instant = required(value);
      const added = duration instanceof GoNumber ? BigInt(duration.value) : 0n;
      return timeValue({ ...instant, nanoseconds: instant.nanoseconds + added });
    }),
  AddDate: (value) =>
    defineFunction(["int", "int", "int"], "time.Time", (years, months, days) => {
      const instant = required(value);
      const civil = civilOf(instant);
      const [year, month, day] = [civil.year + Number(years), civil.month + Number(months), civil.day + Number(days)];
      return timeValue(instantOf({ ...civil, year, month, day }, instant.zone));
    }),
};

const timeType: GoType = { name: "time.Time", kind: "struct", methods };

/** A time.Time. */
export function timeValue(instant: Instant): GoStruct {
  const fields = {
    wall: new GoNumber("uint64", instant.nanoseconds - epochSeconds(instant) * 1_000_000_000n),
    ext: new GoNumber("int64", epochSeconds(instant)),
    loc: instant.zone.name,
  };
  instants.set(fields, instant);
  return new GoStruct(timeType, fields);
}

function floorDivide(value: bigint, unit: bigint): bigint {
  return value % unit < 0n ? value / unit - 1n : value / unit;
}
