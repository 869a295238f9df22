import { GoNumber, defineFunction } from "@fairway/gotemplate";
import type { GoType } from "@fairway/gotemplate";
import { formatDuration, parseDuration, roundDuration } from "./duration.ts";

export { formatDuration, parseDuration };

function nanosecondsOf(value: unknown): bigint {
  return value instanceof GoNumber ? BigInt(value.value) : 0n;
}

function inUnits(unit: number): (value: unknown) => ReturnType<typeof defineFunction> {
  return (value) => defineFunction([], "float64", () => Number(nanosecondsOf(value)) / unit);
}

function whole(unit: bigint): (value: unknown) => ReturnType<typeof defineFunction> {
  return (value) => defineFunction([], "int64", () => new GoNumber("int64", nanosecondsOf(value) / unit));
}

const durationType: GoType = {
  name: "time.Duration",
  kind: "int64",
  methods: {
    String: (value) => defineFunction([], "string", () => formatDuration(nanosecondsOf(value))),
    Hours: inUnits(3.6e12),
    Minutes: inUnits(6e10),
    Seconds: inUnits(1e9),
    Milliseconds: whole(1_000_000n),
    Microseconds: whole(1_000n),
    Nanoseconds: whole(1n),
    Round: (value) =>
      defineFunction(["time.Duration"], "time.Duration", (unit) =>
        durationValue(roundDuration(nanosecondsOf(value), nanosecondsOf(unit))),
      ),
    Truncate: (value) =>
      defineFunction(["time.Duration"], "time.Duration", (unit) => {
        const size = nanosecondsOf(unit);
        const all = nanosecondsOf(value);
        return durationValue(size <= 0n ? all : all - (all % size));
      }),
  },
};

/** A time.Duration. */
export function durationValue(nanoseconds: bigint): GoNumber {
  return new GoNumber("int64", nanoseconds, durationType);
}
