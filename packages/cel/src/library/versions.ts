import { fails } from "../cel-error.ts";
import { opaque } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { Opaque } from "../value.ts";
import type { Value } from "../value.ts";

const TYPE = "kubernetes.Semver";

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
}

function readVersion(text: string): Version | string {
  if (text === "") return "Version string empty";
  const parts = text.split(".");
  if (parts.length < 3) return "No Major.Minor.Patch elements found";
  const match = /^([^.]*)\.([^.]*)\.([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text);
  const [, major = "", minor = "", patch = "", pre, build] = match ?? [];
  for (const [name, number] of [
    ["major", major],
    ["minor", minor],
    ["patch", patch],
  ] as const) {
    if (!/^\d+$/.test(number)) return `Invalid character(s) found in ${name} number ${JSON.stringify(number)}`;
    if (/^0\d/.test(number))
      return `${name[0]?.toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${JSON.stringify(number)}`;
    if (BigInt(number) >= 2n ** 64n) return `strconv.ParseUint: parsing ${JSON.stringify(number)}: value out of range`;
  }
  const identifiers = pre?.split(".") ?? [];
  for (const identifier of identifiers) {
    if (identifier === "") return "Prerelease is empty";
    if (/^0\d+$/.test(identifier))
      return `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(identifier)}`;
    if (!/^[0-9A-Za-z-]+$/.test(identifier))
      return `Invalid character(s) found in prerelease ${JSON.stringify(identifier)}`;
  }
  for (const identifier of build?.split(".") ?? []) {
    if (identifier === "") return "Build meta data is empty";
    if (!/^[0-9A-Za-z-]+$/.test(identifier))
      return `Invalid character(s) found in build meta data ${JSON.stringify(identifier)}`;
  }
  return { numbers: [BigInt(major), BigInt(minor), BigInt(patch)], pre: identifiers };
}

/** Takes what people write: a `v` before, leading zeros, missing parts. */
function normalise(text: string): string {
  const parts = text.replace(/^v/, "").split(".");
  const first = [...parts.slice(0, 2), ...(parts.length > 2 ? [parts.slice(2).join(".")] : [])];
  const trimmed = first.map((part) =>
    part.length > 1 ? part.replace(/^0+(?=\d)/, "").replace(/^0+(?=\D|$)/, "0") : part,
  );
  if (trimmed.length < 3 && /[+-]/.test(trimmed.at(-1) ?? ""))
    throw fails("short version cannot contain PreRelease/Build meta data");
  while (trimmed.length < 3) trimmed.push("0");
  return trimmed.join(".");
}

function compare(left: Version, right: Version): number {
  for (const [index, number] of left.numbers.entries()) {
    const other = right.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return Math.sign(right.pre.length - left.pre.length);
  for (const [index, identifier] of left.pre.entries()) {
    const other = right.pre[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return left.pre.length === right.pre.length ? 0 : -1;
}

function compareIdentifiers(left: string, right: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber) return Math.sign(Number(BigInt(left) - BigInt(right)));
  return left < right ? -1 : left > right ? 1 : 0;
}

function parse(text: string): Opaque {
  const version = readVersion(text);
  if (typeof version === "string") throw fails(version);
  return new Opaque(TYPE, version, (other) => compare(version, other as Version) === 0);
}

function isValid(text: string, isLoose: boolean): boolean {
  try {
    return typeof readVersion(isLoose ? normalise(text) : text) !== "string";
  } catch (error) {
    if (error instanceof Error && error.name === "CelError") return false;
    throw error;
  }
}

function content(value: Value | undefined): Version {
  return (value as Opaque).content as Version;
}

const S = TYPE;

export const VERSIONS: Library = {
  name: "kubernetes.Semver",
  types: [opaque(TYPE)],
  overloads: [
    overload(`semver(string): ${S}`, (text) => parse(text as string)),
    overload(`semver(string, bool): ${S}`, (text, isLoose) =>
      parse(isLoose === true ? normalise(text as string) : (text as string)),
    ),
    overload("isSemver(string): bool", (text) => isValid(text as string, false)),
    overload("isSemver(string, bool): bool", (text, isLoose) => isValid(text as string, isLoose === true)),
    overload(`${S}::isGreaterThan(${S}): bool`, (left, right) => compare(content(left), content(right)) > 0),
    overload(`${S}::isLessThan(${S}): bool`, (left, right) => compare(content(left), content(right)) < 0),
    overload(`${S}::compareTo(${S}): int`, (left, right) => BigInt(compare(content(left), content(right)))),
    overload(`${S}::major(): int`, (value) => content(value).numbers[0]),
    overload(`${S}::minor(): int`, (value) => content(value).numbers[1]),
    overload(`${S}::patch(): int`, (value) => content(value).numbers[2]),
  ],
};
