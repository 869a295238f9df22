import { type Civil, type Instant, civilOf, monthName } from "./instant.ts";
import { dayNames, layoutChunks } from "./layout.ts";

/** time.Format */
export function formatTime(instant: Instant, layout: string): string {
  const civil = civilOf(instant);
  let result = "";
  for (const { prefix, element } of layoutChunks(layout)) result += prefix + elementText(element, civil);
  return result;
}

function padded(value: number, width: number, fill = "0"): string {
  return value < 0 ? `-${padded(-value, width, fill)}` : String(value).padStart(width, fill);
}

const writers: Readonly<Record<string, (civil: Civil) => string>> = {
  "": () => "",
  January: ({ month }) => monthName(month),
  Jan: ({ month }) => monthName(month).slice(0, 3),
  Monday: ({ weekday }) => dayNames[weekday] ?? "",
  Mon: ({ weekday }) => (dayNames[weekday] ?? "").slice(0, 3),
  MST: ({ zoneName, offset }) => (zoneName === "" ? offsetText("-0700", offset) : zoneName),
  "01": ({ month }) => padded(month, 2),
  "02": ({ day }) => padded(day, 2),
  "03": ({ hour }) => padded(hour % 12 || 12, 2),
  "04": ({ minute }) => padded(minute, 2),
  "05": ({ second }) => padded(second, 2),
  "06": ({ year }) => padded(Math.abs(year) % 100, 2),
  "002": ({ yearDay }) => padded(yearDay, 3),
  "15": ({ hour }) => padded(hour, 2),
  "1": ({ month }) => String(month),
  "2006": ({ year }) => padded(year, 4),
  "2": ({ day }) => String(day),
  _2: ({ day }) => padded(day, 2, " "),
  __2: ({ yearDay }) => padded(yearDay, 3, " "),
  "3": ({ hour }) => String(hour % 12 || 12),
  "4": ({ minute }) => String(minute),
  "5": ({ second }) => String(second),
  PM: ({ hour }) => (hour >= 12 ? "PM" : "AM"),
  pm: ({ hour }) => (hour >= 12 ? "pm" : "am"),
};

function elementText(element: string, civil: Civil): string {
  const write = Object.hasOwn(writers, element) ? writers[element] : undefined;
  if (write !== undefined) return write(civil);
  return /^[.,]/u.test(element) ? fractionText(element, civil.nanosecond) : offsetText(element, civil.offset);
}

/** Zeros keep the digits, nines drop the zeros at the end, and the point with the last of them. */
function fractionText(element: string, nanosecond: number): string {
  const digits = padded(nanosecond, 9)
    .slice(0, element.length - 1)
    .padEnd(element.length - 1, "0");
  if (element[1] === "0") return element.charAt(0) + digits;
  const kept = digits.replace(/0+$/u, "");
  return kept === "" ? "" : element.charAt(0) + kept;
}

function offsetText(element: string, offset: number): string {
  if (element.startsWith("Z") && offset === 0) return "Z";
  const total = Math.abs(offset);
  const colon = element.includes(":") ? ":" : "";
  const size = element.replace(/[^0-9]/gu, "").length;
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60].slice(0, size / 2);
  return (offset < 0 ? "-" : "+") + parts.map((part) => padded(part, 2)).join(colon);
}
