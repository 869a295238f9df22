import { parseGoDuration } from "../../object/go-duration.ts";

/** When something is due, as the five fields of cron say it. */
export interface CronSchedule {
  /** The first time after this one; undefined when there is none within five years. */
  readonly next: (afterMs: number) => number | undefined;
}

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  {
    least: 1,
    most: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { least: 0, most: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const minuteMs = 60_000;
const yearsMax = 5;

/** What the API server accepted can be read; undefined for anything else. */
export function parseSchedule(given: string, timeZone: string | undefined): CronSchedule | undefined {
  const prefixed = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/u.exec(given);
  const text = (prefixed?.[2] ?? given).trim();
  const every = /^@every (.+)$/u.exec(text);
  if (every !== null) return everySchedule(parseGoDuration(every[1] ?? ""));
  const parts = (descriptors[text] ?? text).split(/\s+/u);
  if (parts.length !== fields.length) return undefined;
  const sets = parts.map((part, index) => valuesOf(part, fields[index]));
  const [minutes, hours, days, months, weekdays] = sets;
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const clock = localClock(prefixed?.[1] ?? timeZone ?? "UTC");
  if (clock === undefined) return undefined;
  const isAny = (part: string | undefined) => part?.startsWith("*") === true || part?.startsWith("?") === true;
  // When both kinds of days are given, either is enough.
  const either = !isAny(parts[2]) && !isAny(parts[4]);
  const isDay = (at: LocalTime) =>
    either ? days.has(at.day) || weekdays.has(at.weekday) : days.has(at.day) && weekdays.has(at.weekday);
  return { next: (after) => findNext(after, { minutes, hours, months, isDay, clock }) };
}

function everySchedule(seconds: number | undefined): CronSchedule | undefined {
  if (seconds === undefined || seconds <= 0) return undefined;
  const step = Math.max(1, Math.floor(seconds)) * 1000;
  return { next: (after) => after - (after % 1000) + step };
}

function valuesOf(text: string, field: Field | undefined): Set<number> | undefined {
  if (field === undefined) return undefined;
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step] = part.split("/");
    const [low = "", high] = range.split("-");
    const isAll = low === "*" || low === "?";
    const from = isAll ? field.least : numberOf(low, field);
    const to = isAll || (high === undefined && step !== undefined) ? field.most : numberOf(high ?? low, field);
    const width = Number(step ?? 1);
    if (![from, to, width].every(Number.isInteger) || width < 1) return undefined;
    for (let value = from; value <= to; value += width) values.add(value);
  }
  return values;
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return named < 0 ? Number(text) : named + field.least;
}

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

type LocalClock = (ms: number) => LocalTime;

function localClock(timeZone: string): LocalClock | undefined {
  if (timeZone === "UTC" || timeZone === "Etc/UTC") return utcTime;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    return (ms) => {
      const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
      const [year = 0, month = 1, day = 1] = [parts.get("year"), parts.get("month"), parts.get("day")];
      const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
      return { year, month, day, weekday, hour: parts.get("hour") ?? 0, minute: parts.get("minute") ?? 0 };
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function utcTime(ms: number): LocalTime {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

interface Search {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly isDay: (at: LocalTime) => boolean;
  readonly clock: LocalClock;
}

/** Goes on in the largest steps that skip nothing: to the next day, hour or minute of the local clock. */
function findNext(after: number, { minutes, hours, months, isDay, clock }: Search): number | undefined {
  let at = after - (after % minuteMs) + minuteMs;
  const { year: firstYear } = clock(at);
  for (;;) {
    const local = clock(at);
    if (local.year > firstYear + yearsMax) return undefined;
    if (!months.has(local.month) || !isDay(local)) {
      // Clocks that are set forward or back move midnight; an hour less never skips it.
      const hoursLeft = Math.max(1, 23 - local.hour);
      at += (hoursLeft * 60 - local.minute) * minuteMs;
    } else if (!hours.has(local.hour)) {
      at += (60 - local.minute) * minuteMs;
    } else if (!minutes.has(local.minute)) {
      at += minuteMs;
    } else {
      return at;
    }
  }
}
