const names: Readonly<Record<string, readonly string[]>> = {
  month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: names["month"] ?? [] },
  { least: 0, most: 6, names: names["weekday"] ?? [] },
];

const descriptors = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);

/** What is wrong with a schedule, in the words of the parser that Kubernetes uses. */
export function scheduleError(text: string): string | undefined {
  if (text === "") return "empty spec string";
  if (text.startsWith("@")) {
    if (descriptors.has(text)) return undefined;
    if (/^@every \d/.test(text)) return undefined;
    return `unrecognized descriptor: ${text}`;
  }
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.length !== fields.length)
    return `expected exactly ${fields.length} fields, found ${parts.length}: [${parts.join(" ")}]`;
  for (const [index, part] of parts.entries()) {
    const field = fields[index];
    const error = field && fieldError(part, field);
    if (error !== undefined) return error;
  }
  return undefined;
}

function fieldError(text: string, field: Field): string | undefined {
  for (const part of text.split(",")) {
    const error = part === "" ? `failed to parse int from ${part}` : rangeError(part, field);
    if (error !== undefined) return error;
  }
  return undefined;
}

function rangeError(text: string, field: Field): string | undefined {
  const [range = "", step, ...more] = text.split("/");
  const [low = "", high, ...extra] = range.split("-");
  if (more.length > 0) return `too many slashes: ${text}`;
  if (extra.length > 0) return `too many hyphens: ${text}`;
  let start = field.least;
  let end = field.most;
  if (low !== "*" && low !== "?") {
    const from = numberOf(low, field);
    if (typeof from === "string") return from;
    const to = high === undefined ? (step === undefined ? from : field.most) : numberOf(high, field);
    if (typeof to === "string") return to;
    start = from;
    end = to;
  }
  const width = step === undefined ? 1 : numberOf(step, { least: 0, most: 0 });
  if (typeof width === "string") return width;
  if (start < field.least) return `beginning of range (${start}) below minimum (${field.least}): ${text}`;
  if (end > field.most) return `end of range (${end}) above maximum (${field.most}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return width === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

function numberOf(text: string, field: Field): number | string {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named !== -1) return named + field.least;
  if (!/^-?\d+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  return Number(text) < 0 ? `negative number (${text}) not allowed: ${text}` : Number(text);
}
