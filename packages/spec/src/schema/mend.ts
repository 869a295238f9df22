import { fits, type FormatName } from "./formats.ts";

/** What a text that doesn't have its format was most likely meant to be: `/orders` for `orders`, `512Mi` for `512MB`. */
export function mended(format: FormatName, text: string): string | undefined {
  if (text.length > textLengthMax) return undefined;
  return attempts[format]?.(text).find((attempt) => fits(format, attempt));
}

/** Nobody mistypes more than this. */
const textLengthMax = 256;

const name = (text: string): readonly string[] => [
  dashed(text),
  // OrderService
  dashed(text.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")),
];

const duration = (text: string): readonly string[] => {
  const [, number = "", unit = ""] = /^([0-9]*\.?[0-9]+) *([A-Za-z]*)$/.exec(text) ?? [];
  const short = durationUnits[unit.toLowerCase()];
  if (number === "" || short === undefined) return [];
  return short === "s" ? [`${number}s`, `${Number(number) * 1_000}ms`] : [number + short];
};

const durationUnits: Readonly<Record<string, string>> = {
  "": "s",
  s: "s",
  sec: "s",
  second: "s",
  seconds: "s",
  min: "m",
  minute: "m",
  minutes: "m",
  hour: "h",
  hours: "h",
  day: "d",
  days: "d",
};

const attempts: Readonly<Partial<Record<FormatName, (text: string) => readonly string[]>>> = {
  "dns-label": name,
  "service-name": name,
  "port-name": name,
  "host-or-network": (text) => [text.toLowerCase(), text.replace(/^[a-z]+:\/\//, "").replace(/[/:].*$/, "")],
  "dns-name": (text) => [text.toLowerCase(), text.replace(/^[a-z]+:\/\//, "").replace(/[/:].*$/, "")],
  "environment-variable": (text) => [text.replaceAll(/[^A-Za-z0-9_]+/g, "_")],
  "event-name": (text) => [
    text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) => first.toUpperCase()),
  ],
  "url-path": (text) => [`/${text.split("/").filter(Boolean).join("/")}`],
  duration,
  "time-span": duration,
  seconds: duration,
  bytes: (text) => {
    const [, number = "", unit = ""] = /^([0-9.]+) *([A-Za-z]*)$/.exec(text) ?? [];
    const isGiga = unit.toLowerCase().startsWith("g");
    return [`${number}${isGiga ? "Gi" : "Mi"}`];
  },
  "git-url": (text) => [`https://${text}.git`],
  "registry-address": (text) => [text.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "")],
  percentage: (text) => [text.replace(/ *%$/, "")],
};

function dashed(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
}
