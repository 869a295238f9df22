/** What a text may look like. `pattern` goes into the JSON Schema; `check` sees what a pattern can't. */
export interface Format {
  readonly pattern: string;
  /** Follows "expected": `a duration such as 15m`. */
  readonly expected: string;
  readonly lengthMax?: number;
  check?(text: string): boolean;
}

const hour = String.raw`([01]\d|2[0-3]):[0-5]\d`;

export const formats = {
  "dns-label": {
    pattern: "^[a-z]([a-z0-9-]*[a-z0-9])?$",
    expected: "a name of lower-case letters, digits and dashes, beginning with a letter",
    lengthMax: 63,
  },
  "service-name": {
    pattern: "^[a-z]([a-z0-9-]*[a-z0-9])?$",
    // Kubernetes adds suffixes of up to 17 characters for pods and replica sets.
    expected: "a name of at most 46 lower-case letters, digits and dashes, beginning with a letter",
    lengthMax: 46,
  },
  "port-name": {
    pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
    expected: "a name of at most 15 lower-case letters, digits and dashes",
    lengthMax: 15,
    check: (text) => /[a-z]/.test(text),
  },
  "dns-name": {
    pattern: String.raw`^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`,
    expected: "a host name such as shop.example.com",
    lengthMax: 253,
    check: (text) => text.split(".").every((label) => label.length <= 63),
  },
  "host-or-network": {
    pattern: String.raw`^((\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|[0-9A-Fa-f.:]+/[0-9]{1,3})$`,
    expected: "a host such as api.stripe.com, or a network such as 10.20.0.0/16",
    lengthMax: 253,
    check: (text) => (text.includes("/") ? isNetwork(text) : text.split(".").every((label) => label.length <= 63)),
  },
  "label-key": {
    pattern: String.raw`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$`,
    expected: "a label key such as team or example.com/team",
    lengthMax: 317,
    check: (text) => (text.split("/").at(-1) ?? "").length <= 63,
  },
  "label-value": {
    pattern: String.raw`^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$`,
    expected: "a label value of at most 63 letters, digits, dashes, dots and underscores",
    lengthMax: 63,
  },
  "environment-variable": {
    pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
    expected: "the name of an environment variable such as LOG_LEVEL",
    lengthMax: 256,
  },
  "event-name": {
    pattern: "^[A-Z][A-Za-z0-9]*$",
    expected: "an event in the past tense such as OrderCreated",
    lengthMax: 100,
  },
  key: {
    pattern: "^[A-Za-z0-9_.-]+$",
    expected: "a key of letters, digits, dashes, dots and underscores",
    lengthMax: 253,
  },
  "key-path": {
    pattern: "^[A-Za-z0-9_.-]+([/:][A-Za-z0-9_.-]+)*$",
    expected: "a key such as alias/vault-unseal",
    lengthMax: 1_024,
  },
  "url-path": {
    pattern: String.raw`^/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$`,
    expected: "a path beginning with a slash, such as /orders",
    lengthMax: 1_024,
    check: (text) => !text.includes("//") && !/(^|\/)\.\.?(\/|$)/.test(text) && (text === "/" || !text.endsWith("/")),
  },
  "folder-path": {
    pattern: "^[^\\u0000]+$",
    expected: "a relative path that stays inside the service's folder",
    lengthMax: 1_024,
    check: (text) => !text.startsWith("/") && !text.split("/").includes(".."),
  },
  duration: {
    pattern: String.raw`^([0-9]+(ms|s|m|h|d))+$`,
    expected: "a duration such as 300ms, 45s, 15m or 1h30m",
    lengthMax: 32,
    check: (text) => durationMs(text) <= durationMsMax,
  },
  "time-span": {
    pattern: String.raw`^([0-9]+(ms|s|m|h|d))+$`,
    expected: "a duration longer than nothing, such as 300ms, 15m or 1h30m",
    lengthMax: 32,
    check: (text) => durationMs(text) > 0 && durationMs(text) <= durationMsMax,
  },
  seconds: {
    // The fields of Kubernetes that these become count whole seconds.
    pattern: String.raw`^([0-9]+(s|m|h))+$`,
    expected: "a duration of whole seconds such as 5s, 45s or 1m30s",
    lengthMax: 32,
    check: (text) => durationMs(text) > 0 && durationMs(text) <= durationMsMax,
  },
  bytes: {
    pattern: String.raw`^[0-9]+(\.[0-9]+)?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$`,
    expected: "an amount of bytes such as 512Mi or 2Gi",
    lengthMax: 32,
    // Nobody means 512 bytes, and `512m` (half a byte, for Kubernetes) is no better.
    check: (text) => quantityValue(text) >= 2 ** 20,
  },
  cpu: {
    pattern: String.raw`^[0-9]+(\.[0-9]{1,3}|m)?$`,
    expected: "an amount of processor such as 250m, 1 or 1.5",
    lengthMax: 16,
  },
  image: {
    pattern: String.raw`^[a-z0-9]+([._/:@-][A-Za-z0-9]+)*$`,
    expected: "an image such as gcr.io/distroless/nodejs24-debian12",
    lengthMax: 512,
  },
  "git-branch": {
    pattern: String.raw`^[A-Za-z0-9_][A-Za-z0-9_.+-]*(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*$`,
    expected: "a branch such as main or release/1.x",
    lengthMax: 244,
    check: (text) => !text.includes("..") && !/\.(lock)?(\/|$)/.test(text),
  },
  version: {
    pattern: String.raw`^v?[0-9]+(\.[0-9]+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`,
    expected: "a version such as 1.4.2",
    lengthMax: 100,
  },
  cron: {
    pattern: String.raw`^(@(hourly|daily|weekly|monthly|yearly)|\S+( \S+){4})$`,
    expected: "a cron schedule such as 0 2 * * *",
    lengthMax: 100,
    check: isCron,
  },
  "time-of-day": { pattern: `^${hour}$`, expected: "a time of day such as 18:00", lengthMax: 5 },
  "time-zone": {
    pattern: String.raw`^[A-Za-z][A-Za-z0-9_+/-]*$`,
    expected: "a time zone such as Europe/Rome or UTC",
    lengthMax: 64,
    check: isTimeZone,
  },
  date: {
    pattern: String.raw`^\d{4}-\d{2}-\d{2}$`,
    expected: "a date such as 2026-12-24",
    lengthMax: 10,
    check: isDate,
  },
  "git-url": {
    pattern: String.raw`^(https?://|ssh://|git@|file://)\S+$`,
    expected: "the address of a Git repository such as https://github.com/acme/shop.git",
    lengthMax: 1_024,
  },
  "http-url": {
    pattern: String.raw`^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/\S*)?$`,
    expected: "an address such as https://otlp.example.com",
    lengthMax: 1_024,
  },
  email: {
    pattern: String.raw`^[^\s@]+@[^\s@]+\.[^\s@]+$`,
    expected: "a mail address such as platform@example.com",
    lengthMax: 254,
  },
  "api-group": {
    pattern: String.raw`^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$`,
    expected: "an API group such as batch or networking.k8s.io",
    lengthMax: 253,
  },
  "api-resource": {
    pattern: String.raw`^[a-z][a-z0-9-]*(/[a-z]+)?$`,
    expected: "a resource of Kubernetes such as configmaps or pods/log",
    lengthMax: 128,
  },
  percentage: {
    pattern: String.raw`^(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)$`,
    expected: "a percentage from 0 to 100, such as 99.5",
    lengthMax: 10,
  },
  "registry-address": {
    pattern: String.raw`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$`,
    expected: "a registry with its path, such as ghcr.io/acme",
    lengthMax: 512,
  },
  text: { pattern: String.raw`^[\s\S]*$`, expected: "a text", lengthMax: 4_096 },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;

const compiled = new Map<FormatName, RegExp>();

export function fits(name: FormatName, text: string): boolean {
  const format: Format = formats[name];
  if (text.length > (format.lengthMax ?? Infinity)) return false;
  const expression = compiled.get(name) ?? new RegExp(format.pattern, "u");
  compiled.set(name, expression);
  return expression.test(text) && (format.check?.(text) ?? true);
}

function isNetwork(text: string): boolean {
  const [address = "", bits = ""] = text.split("/");
  if (address.includes(":")) return Number(bits) <= 128 && URL.canParse(`http://[${address}]/`);
  const octets = address.split(".");
  return (
    Number(bits) <= 32 && octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) < 256)
  );
}

/** Date.parse takes 30 February for 2 March. */
function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Ten years: what is longer was meant to be something else, and overflows the fields that it becomes. */
const durationMsMax = 3_650 * 86_400_000;

const cronRanges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

function isCron(text: string): boolean {
  if (text.startsWith("@")) return true;
  return text.split(" ").every((field, index) => {
    const [low, high] = cronRanges[index] ?? [0, 0];
    return field.split(",").every((part) => isCronPart(part, low, high));
  });
}

const monthAndDayNames = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/i;

function isCronPart(part: string, low: number, high: number): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const bounds = range.split("-");
  if (bounds.length > 2) return false;
  const numbers = bounds.map((bound) =>
    monthAndDayNames.test(bound) ? low : /^\d+$/.test(bound) ? Number(bound) : Number.NaN,
  );
  return numbers.every((number) => number >= low && number <= high) && (numbers[0] ?? 0) <= (numbers[1] ?? high);
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a text that has the format `duration`. */
export function durationMs(text: string): number {
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    sum += Number(number) * unitMs[unit as keyof typeof unitMs];
  }
  return sum;
}

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** The number that a quantity or an amount of processor stands for. */
export function quantityValue(text: string): number {
  const [, number = "0", suffix = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(text) ?? [];
  return Number(number) * (factors[suffix] ?? 1);
}
