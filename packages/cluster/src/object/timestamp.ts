const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** An object has the same few times in several places, and has them again whenever it is written. */
const rememberedMax = 256;
const remembered = new Map<string, string>();

/** A time as `metav1.Time` writes it back: UTC, whole seconds. Undefined when it is none. */
export function canonicalTime(text: string): string | undefined {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const time = parseTime(text);
  if (!time) return undefined;
  const canonical = `${time.toISOString().slice(0, 19)}Z`;
  if (remembered.size >= rememberedMax) remembered.clear();
  remembered.set(text, canonical);
  return canonical;
}

/** As `metav1.MicroTime`: UTC, six digits. */
export function canonicalMicroTime(text: string): string | undefined {
  const time = parseTime(text);
  const micros = rfc3339.exec(text)?.[7] ?? "";
  // Go's layout asks for these digits, no fewer and no more.
  if (!time || micros.length !== 6) return undefined;
  return `${time.toISOString().slice(0, 19)}.${micros}Z`;
}

function parseTime(text: string): Date | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const date = new Date(0);
  // `Date.UTC` takes the first hundred years for those after 1900.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const offset = match[8] ? (Number(match[9]) * 60 + Number(match[10])) * (match[8] === "-" ? -1 : 1) : 0;
  if (date.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return new Date(date.getTime() - offset * 60_000);
}
