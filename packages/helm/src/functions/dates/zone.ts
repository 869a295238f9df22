import { zoneAbbreviations } from "./data/zone-abbreviations.ts";

export interface Zone {
  readonly name: string;
  /** The abbreviation and the seconds east of Greenwich at that time. */
  at(epochSeconds: number): { readonly name: string; readonly offset: number };
}

export const utc: Zone = { name: "UTC", at: () => ({ name: "UTC", offset: 0 }) };

export function fixedZone(name: string, offset: number): Zone {
  return { name, at: () => ({ name, offset }) };
}

const zones = new Map<string, Zone | undefined>();
const zonesMax = 1000;

/** A zone of the tz database, undefined if there is none of that name. The local zone is UTC, on every machine. */
export function zoneNamed(name: string): Zone | undefined {
  if (name === "" || name === "UTC" || name === "Local") return utc;
  if (zones.has(name)) return zones.get(name);
  const zone = /^[A-Za-z]/u.test(name) ? loadZone(name) : undefined;
  if (zones.size >= zonesMax) zones.clear();
  zones.set(name, zone);
  return zone;
}

function loadZone(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      timeZoneName: "short",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return { name, at: (epochSeconds) => zoneAt(format, name, epochSeconds) };
}

function zoneAt(format: Intl.DateTimeFormat, name: string, epochSeconds: number): { name: string; offset: number } {
  const parts = new Map(format.formatToParts(new Date(epochSeconds * 1000)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  const offset = Math.round(local / 1000 - epochSeconds);
  return { name: abbreviation(name, offset, parts.get("timeZoneName") ?? ""), offset };
}

/** What the tz database calls it: letters where people do, otherwise the offset. */
function abbreviation(zone: string, offset: number, short: string): string {
  const ours = zoneAbbreviations.get(zone)?.[offset];
  if (ours !== undefined) return ours;
  if (/^[A-Z]{2,5}$/u.test(short)) return short;
  const minutes = Math.abs(Math.trunc(offset / 60));
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${hours}${rest}`;
}
