import { quoteRune as quoteCode } from "@fairway/gotemplate";

/** A format that is checked: the answer is what is wrong, or undefined. Formats apply to text only. */
export interface FormatCheck {
  readonly name: string;
  readonly check: (value: unknown) => string | undefined;
}

type TextCheck = (text: string) => string | undefined;

/** The check of a format; unknown formats are not checked. `compilePattern` throws for a text that is no pattern. */
export function formatCheck(name: string, compilePattern: (pattern: string) => unknown): FormatCheck | undefined {
  const check = name === "regex" ? regexCheck(compilePattern) : formats.get(name);
  if (check === undefined) return undefined;
  return { name, check: (value) => (typeof value === "string" ? check(value) : undefined) };
}

function regexCheck(compilePattern: (pattern: string) => unknown): TextCheck {
  return (text) => {
    try {
      compilePattern(text);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}

/** A character in single quotes. */
function quoteRune(char: string): string {
  return quoteCode(char.codePointAt(0) ?? 0);
}

const jsonPointer: TextCheck = (text) => {
  if (text !== "" && !text.startsWith("/")) return "not starting with /";
  return /~(?![01])/u.test(text) ? "~ must be followed by 0 or 1" : undefined;
};

const relativeJsonPointer: TextCheck = (text) => {
  const [number = ""] = /^\d*/u.exec(text) ?? [];
  if (number === "") return "must start with non-negative integer";
  if (number.length > 1 && number.startsWith("0")) return "starts with zero";
  const rest = text.slice(number.length);
  return rest === "#" ? undefined : jsonPointer(rest);
};

const uuid: TextCheck = (text) => {
  const lengths = [8, 4, 4, 4, 12];
  const groups = text.split("-");
  if (groups.length !== lengths.length) return "must have 5 elements";
  for (const [at, group] of groups.entries()) {
    if (group.length !== lengths[at]) return `element ${at + 1} must be ${lengths[at]} characters long`;
    const [bad] = /[^0-9a-fA-F]/u.exec(group) ?? [];
    if (bad !== undefined) return `non-hex character ${quoteRune(bad)}`;
  }
  return undefined;
};

const duration: TextCheck = (text) => {
  if (!text.startsWith("P")) return "must start with P";
  const body = text.slice(1);
  if (body === "") return "nothing after P";
  if (body.endsWith("W")) return /^\d+W$/u.test(body) ? undefined : body === "W" ? "no number in week" : "invalid week";
  const parts = body.split("T");
  if (parts.length > 2) return "more than one T";
  if (parts[1] === "") return "no time elements";
  return durationPart(parts[0] ?? "", "YMD") ?? durationPart(parts[1] ?? "", "HMS");
};

function durationPart(part: string, units: string): string | undefined {
  let rest = part;
  let expected = units;
  while (rest !== "") {
    const [digits = ""] = /^\d*/u.exec(rest) ?? [];
    if (digits === "") return "missing number";
    const unit = rest.charAt(digits.length);
    if (unit === "") return "missing unit";
    const at = expected.indexOf(unit);
    if (at === -1)
      return units.includes(unit) ? `unit ${quoteRune(unit)} out of order` : `invalid unit ${quoteRune(unit)}`;
    expected = expected.slice(at + 1);
    rest = rest.slice(digits.length + 1);
  }
  return undefined;
}

const ipv4: TextCheck = (text) => {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    if (!/^[+-]?\d+$/u.test(group)) return `strconv.Atoi: parsing ${JSON.stringify(group)}: invalid syntax`;
    if (Number(group) < 0 || Number(group) > 255) return "decimal must be between 0 and 255";
  }
  return undefined;
};

const ipv6: TextCheck = (text) => {
  if (!text.includes(":")) return "missing colon";
  if (text.includes("%")) return "zone id is not a part of ipv6 address";
  return isIpv6(text) ? undefined : `ParseAddr(${JSON.stringify(text)}): unable to parse IP`;
};

/** Eight groups, of which one `::` may stand for several; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [at, half] of halves.entries()) {
    if (half === "") continue;
    const parts = half.split(":");
    const last = parts.at(-1) ?? "";
    const mixed = at === halves.length - 1 && last.includes(".");
    if (mixed && ipv4(last) !== undefined) return false;
    const plain = mixed ? parts.slice(0, -1) : parts;
    if (!plain.every((part) => /^[0-9a-fA-F]{1,4}$/u.test(part))) return false;
    groups += plain.length + (mixed ? 2 : 0);
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

const hostname: TextCheck = (text) => {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name.length > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    if (label.length < 1 || label.length > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    const [bad] = /[^a-zA-Z0-9-]/u.exec(label) ?? [];
    if (bad !== undefined) return `invalid character ${quoteRune(bad)}`;
  }
  return undefined;
};

const email: TextCheck = (text) => {
  if (text.length > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at === -1) return "missing @";
  const problem = localPart(text.slice(0, at));
  if (problem !== undefined) return problem;
  const domain = text.slice(at + 1);
  if (!domain.startsWith("[") || !domain.endsWith("]")) return within("invalid domain", hostname(domain));
  const address = domain.slice(1, -1);
  return address.startsWith("IPv6:")
    ? within("invalid ipv6 address", ipv6(address.slice(5)))
    : within("invalid ipv4 address", ipv4(address));
};

function localPart(local: string): string | undefined {
  if (local.length > 64) return "local part more than 64 characters long";
  if (local.length > 1 && local.startsWith('"')) {
    const inner = local.slice(1, -1);
    return /[\\"]/u.test(inner) ? "backslash and quote are not allowed within quoted local part" : undefined;
  }
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  const [bad] = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/u.exec(local) ?? [];
  return bad === undefined ? undefined : `invalid character ${quoteRune(bad)}`;
}

const date: TextCheck = (text) => {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/u.exec(text);
  const [, year = "", month = "", day = ""] = match ?? [];
  const days = [31, isLeap(Number(year)) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  const quoted = JSON.stringify(text);
  if (match === null) return `parsing time ${quoted} as "2006-01-02": cannot parse ${quoted} as "2006"`;
  if (days === undefined) return `parsing time ${quoted}: month out of range`;
  return Number(day) < 1 || Number(day) > days ? `parsing time ${quoted}: day out of range` : undefined;
};

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const time: TextCheck = (text) => {
  if (text.length < 9) return "less than 9 characters long";
  if (text[2] !== ":" || text[5] !== ":") return "missing colon in correct place";
  if (!/^\d\d:\d\d:\d\d/u.test(text)) return "invalid hour/min/sec";
  const [hour = 0, minute = 0, second = 0] = text.slice(0, 8).split(":").map(Number);
  if (hour > 23 || minute > 59 || second > 60) return "hour/min/sec out of range";
  const fraction = /^\.(\d*)/u.exec(text.slice(8));
  if (fraction?.[1] === "") return "no digits in second fraction";
  const offset = offsetMinutes(text.slice(8 + (fraction?.[0].length ?? 0)));
  if (typeof offset === "string") return offset;
  const inUtc = (hour * 60 + minute - offset + 24 * 60) % (24 * 60);
  return second >= 60 && inUtc !== 24 * 60 - 1 ? "invalid leap second" : undefined;
};

function offsetMinutes(text: string): number | string {
  if (text === "z" || text === "Z") return 0;
  if (text.length !== 6) return "offset must be 6 characters long";
  const sign = text[0] === "+" ? 1 : text[0] === "-" ? -1 : 0;
  if (sign === 0) return "offset must begin with plus/minus";
  if (text[3] !== ":") return "missing colon in offset in correct place";
  if (!/^.\d\d:\d\d$/u.test(text)) return "invalid hour/min in offset";
  const [hours = 0, minutes = 0] = text.slice(1).split(":").map(Number);
  if (hours > 23 || minutes > 59) return "hour/min in offset out of range";
  return sign * (hours * 60 + minutes);
}

const dateTime: TextCheck = (text) => {
  if (text.length < 20) return "less than 20 characters long";
  if (text[10] !== "t" && text[10] !== "T") return "11th character must be t or T";
  return (
    within("invalid date element", date(text.slice(0, 10))) ?? within("invalid time element", time(text.slice(11)))
  );
};

const uri: TextCheck = (text) => {
  const problem = urlProblem(text);
  if (problem !== undefined) return problem;
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/u.test(text) ? undefined : "relative url";
};

const uriReference: TextCheck = (text) => (text.includes("\\") ? "contains \\" : urlProblem(text));

/** What Go's URL parser objects to. */
const urlProblem: TextCheck = (text) => {
  const parse = `parse ${JSON.stringify(text)}`;
  if (/[\0-\x1f\x7f]/u.test(text)) return `${parse}: net/url: invalid control character in URL`;
  if (text.startsWith(":")) return `${parse}: missing protocol scheme`;
  const [bad] = /%(?![0-9a-fA-F]{2}).{0,2}/u.exec(text) ?? [];
  if (bad !== undefined) return `${parse}: invalid URL escape ${JSON.stringify(bad)}`;
  const host = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/u.exec(text)?.[1] ?? "";
  const name = host.slice(host.lastIndexOf("@") + 1);
  if (/[[\]<>"^`{|} ]/u.test(host.slice(0, -name.length - 1))) return `${parse}: net/url: invalid userinfo`;
  if (/^[^/?#a-zA-Z][^/?#]*:/u.test(text)) return `${parse}: first path segment in URL cannot contain colon`;
  if (/[ "<>^`{|}]/u.test(name)) return `${parse}: invalid character in host name`;
  if (name.startsWith("[")) return within("invalid ipv6 address", ipv6(name.slice(1, name.indexOf("]"))));
  return /:(?!\d*$)/u.test(name) ? `${parse}: invalid port after host` : undefined;
};

const uriTemplate: TextCheck = (text) => {
  let open = false;
  for (const char of text) {
    if (char !== "{" && char !== "}") continue;
    if (open === (char === "{")) return "nested curly braces";
    open = !open;
  }
  return open ? "no matching closing brace" : undefined;
};

const period: TextCheck = (text) => {
  const slash = text.indexOf("/");
  if (slash === -1) return "missing slash";
  const start = text.slice(0, slash);
  const end = text.slice(slash + 1);
  if (start.startsWith("P")) {
    return within("invalid start duration", duration(start)) ?? within("invalid end date-time", dateTime(end));
  }
  const startProblem = within("invalid start date-time", dateTime(start));
  if (startProblem !== undefined) return startProblem;
  return end.startsWith("P")
    ? within("invalid end duration", duration(end))
    : within("invalid end date-time", dateTime(end));
};

const semver: TextCheck = (text) => {
  const [main = "", build] = split(text, "+");
  if (build !== undefined && !/^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/u.test(build)) {
    return build === "" ? "build is empty" : "build identifier is empty";
  }
  const [core = "", preRelease] = split(main, "-");
  for (const identifier of preRelease?.split(".") ?? []) {
    if (identifier === "") return "pre-release identifier is empty";
    const [bad] = /[^0-9A-Za-z-]/u.exec(identifier) ?? [];
    if (bad !== undefined) return `invalid character ${quoteRune(bad)} in pre-release identifier`;
    if (/^0\d+$/u.test(identifier)) return "pre-release numeric identifier starts with zero";
  }
  const versions = core.split(".");
  if (versions.length !== 3) return "versionCore must have 3 numbers separated by dot";
  for (const [at, version] of versions.entries()) {
    const name = ["major", "minor", "patch"][at];
    if (version === "") return `${name} is empty`;
    if (version.length > 1 && version.startsWith("0")) return `${name} starts with zero`;
    if (!/^\d+$/u.test(version)) return `${name} contains non-digit`;
  }
  return undefined;
};

function split(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function within(place: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${place}: ${problem}`;
}

const formats: ReadonlyMap<string, TextCheck> = new Map([
  ["json-pointer", jsonPointer],
  ["relative-json-pointer", relativeJsonPointer],
  ["uuid", uuid],
  ["duration", duration],
  ["period", period],
  ["ipv4", ipv4],
  ["ipv6", ipv6],
  ["hostname", hostname],
  ["email", email],
  ["date", date],
  ["time", time],
  ["date-time", dateTime],
  ["uri", uri],
  ["iri", uri],
  ["uri-reference", uriReference],
  ["iri-reference", uriReference],
  ["uri-template", uriTemplate],
  ["semver", semver],
]);
