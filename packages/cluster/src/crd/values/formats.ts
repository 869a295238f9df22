import { isIP, isIPv4, isIPv6 } from "node:net";
import { compileRegexp } from "@fairway/cel";
import { parseGoDuration } from "../../object/go-duration.ts";
import { dnsLabel, dnsSubdomain } from "../../kinds/validation/names.ts";

type Test = (text: string) => boolean;

/** The formats of texts that are checked; dashes in their names don't count. */
export function isSupportedFormat(format: string): boolean {
  return Object.hasOwn(FORMATS, format.replaceAll("-", ""));
}

export function isOfFormat(format: string, text: string): boolean {
  return FORMATS[format.replaceAll("-", "")]?.(text) ?? true;
}

/** Most clusters never meet most formats: a pattern is read when the first text is held against it. */
function pattern(text: string): Test {
  let expression: ReturnType<typeof compileRegexp> | undefined;
  return (value) => (expression ??= compileRegexp(text)).matches(value);
}

const hostnameForm = pattern(
  String.raw`^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$`,
);

function isHostname(text: string): boolean {
  return (
    hostnameForm(text) &&
    Buffer.byteLength(text) <= 255 &&
    text.split(".").every((part) => Buffer.byteLength(part) <= 63)
  );
}

/** What stands in the first line of a request: a whole address, or a path from the root. */
function isRequestUri(text: string): boolean {
  if (text === "" || /[\u0000-\u001f\u007f]/.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return false;
  if (text.startsWith("/")) return true;
  const parts = /^[a-zA-Z][a-zA-Z0-9+.-]*:(.*)$/s.exec(text);
  if (parts === null) return false;
  const rest = parts[1] ?? "";
  if (!rest.startsWith("//")) return rest.startsWith("/") || rest !== "";
  const authority = /^\/\/([^/?#]*)/.exec(rest)?.[1] ?? "";
  return !/[ <>"\\^`{}|]/.test(authority) && !/:[^\d\]]+$/.test(authority.replace(/^.*@/, ""));
}

function isMail(text: string): boolean {
  const address = /<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return /^[^\s@<>(),;:\\"[\]]+@[^\s@<>(),;:\\"[\]]+$/.test(address) && !/^\.|\.@|\.\.|\.$/.test(address);
}

/** Leading zeros are let pass. */
function isLooseIpv4(text: string): boolean {
  return isIPv4(text.replaceAll(/(^|\.)0+(?=\d)/g, "$1"));
}

function isCidr(text: string): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^(0|[1-9]\d*)$/.test(length)) return false;
  const version = isLooseIpv4(address) ? 4 : isIP(address);
  return version !== 0 && !address.includes("%") && Number(length) <= (version === 4 ? 32 : 128);
}

function isMac(text: string): boolean {
  return [6, 8, 20].some(
    (bytes) =>
      new RegExp(`^[0-9a-f]{2}([:-])([0-9a-f]{2}\\1){${bytes - 2}}[0-9a-f]{2}$`, "i").test(text) ||
      new RegExp(`^[0-9a-f]{4}(\\.[0-9a-f]{4}){${bytes / 2 - 1}}$`, "i").test(text),
  );
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, index) => total + (index + 1) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((total, digit, index) => total + (index % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

const cardForm =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

/** With the digit that checks the others. */
function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D+/g, "");
  if (!cardForm.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= last;
}

function isDateTime(text: string): boolean {
  const [date = "", time = "", ...rest] = text.toLowerCase().split("t");
  const parts = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|[+-]\d{2}:\d{2})$/.exec(time);
  if (parts === null || rest.length > 0 || !isDate(date)) return false;
  return (parts[1] ?? "") <= "23" && (parts[2] ?? "") <= "59" && (parts[3] ?? "") <= "59";
}

/** As Go, or `3 hours`. */
function isDuration(text: string): boolean {
  if (parseGoDuration(text) !== undefined) return true;
  const units = /^(ns|nano|us|µs|micro|ms|milli|s|sec|m|min|h|hr|hour|d|day|w|wk|week)/i;
  return [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)].some(([, , unit = ""]) => units.test(unit));
}

const base64Form = pattern("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$");

const uuid = (third: string, fourth: string): Test =>
  pattern(`(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`);

const FORMATS: Readonly<Record<string, Test>> = {
  bsonobjectid: pattern("^[0-9a-fA-F]{24}$"),
  uri: isRequestUri,
  email: isMail,
  hostname: isHostname,
  ipv4: isLooseIpv4,
  ipv6: (text) => isIPv6(text) && !text.includes("%"),
  cidr: isCidr,
  mac: isMac,
  uuid: uuid("[0-9a-f]{4}", "[0-9a-f]{4}"),
  uuid3: uuid("3[0-9a-f]{3}", "[0-9a-f]{4}"),
  uuid4: uuid("4[0-9a-f]{3}", "[89ab][0-9a-f]{3}"),
  uuid5: uuid("5[0-9a-f]{3}", "[89ab][0-9a-f]{3}"),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: pattern(String.raw`^\d{3}[- ]?\d{2}[- ]?\d{4}$`),
  hexcolor: pattern("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
  rgbcolor: pattern(
    String.raw`^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$`,
  ),
  byte: (text) => text !== "" && base64Form(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => dnsLabel(text).length === 0,
  k8slongname: (text) => dnsSubdomain(text).length === 0,
};
