import { type GoFunction, GoNumber, GoStruct, defineFunction, stringToBytes } from "@fairway/gotemplate";
import type { GoType } from "@fairway/gotemplate";
import { checkConstraint } from "./check.ts";
import { requireConstraint } from "./constraint.ts";
import { type Version, compareVersions, formatVersion, requireVersion } from "./version.ts";

export const semverFunctions: Readonly<Record<string, GoFunction>> = {
  semver: defineFunction(["string"], "*semver.Version", (text) => versionValue(requireVersion(text))),
  semverCompare: defineFunction(["string", "string"], "bool", (constraint, version) => {
    const wanted = requireConstraint(constraint);
    return checkConstraint(wanted, requireVersion(version));
  }),
};

type Methods = NonNullable<GoType["methods"]>;

function uint64(pick: (version: Version) => bigint): Methods[string] {
  return (receiver) => defineFunction([], "uint64", () => new GoNumber("uint64", pick(versionOf(receiver))));
}

function text(pick: (version: Version) => string): Methods[string] {
  return (receiver) => defineFunction([], "string", () => pick(versionOf(receiver)));
}

function changed(change: (version: Version) => Partial<Version>): Methods[string] {
  return (receiver) => defineFunction([], "semver.Version", () => changedValue(versionOf(receiver), change));
}

function compared(test: (order: number) => unknown, result = "bool"): Methods[string] {
  return (receiver) =>
    defineFunction(["*semver.Version"], result, (other) =>
      test(Math.sign(compareVersions(versionOf(receiver), versionOf(other)))),
    );
}

const plain = { pre: "", metadata: "" };

const valueMethods: Methods = {
  Major: uint64(({ major }) => major),
  Minor: uint64(({ minor }) => minor),
  Patch: uint64(({ patch }) => patch),
  Prerelease: text(({ pre }) => pre),
  Metadata: text(({ metadata }) => metadata),
  String: text(formatVersion),
  MarshalText: (receiver) => defineFunction([], "[]uint8", () => stringToBytes(formatVersion(versionOf(receiver)))),
  IncMajor: changed(({ major }) => ({ ...plain, major: major + 1n, minor: 0n, patch: 0n })),
  IncMinor: changed(({ minor }) => ({ ...plain, minor: minor + 1n, patch: 0n })),
  IncPatch: changed(({ pre, patch }) => ({ ...plain, patch: pre === "" ? patch + 1n : patch })),
  SetPrerelease: (receiver) =>
    defineFunction(["string"], "semver.Version", (pre) => {
      if (pre !== "") checkPart(pre, "prerelease");
      return changedValue(versionOf(receiver), () => ({ pre }));
    }),
  SetMetadata: (receiver) =>
    defineFunction(["string"], "semver.Version", (metadata) => {
      if (metadata !== "") checkPart(metadata, "metadata");
      return changedValue(versionOf(receiver), () => ({ metadata }));
    }),
};

/** Go has these for pointers only. */
const pointerMethods: Methods = {
  ...valueMethods,
  Original: text(({ original }) => original),
  Compare: compared((order) => BigInt(order), "int"),
  Equal: compared((order) => order === 0),
  LessThan: compared((order) => order < 0),
  LessThanEqual: compared((order) => order <= 0),
  GreaterThan: compared((order) => order > 0),
  GreaterThanEqual: compared((order) => order >= 0),
};

const pointerType: GoType = { name: "*semver.Version", kind: "ptr", methods: pointerMethods };
const structType: GoType = { name: "semver.Version", kind: "struct", methods: valueMethods };

function versionValue(version: Version, type = pointerType): GoStruct {
  const fields = {
    major: new GoNumber("uint64", version.major),
    minor: new GoNumber("uint64", version.minor),
    patch: new GoNumber("uint64", version.patch),
    pre: version.pre,
    metadata: version.metadata,
    original: version.original,
  };
  const value = new GoStruct(type, fields);
  versions.set(fields, version);
  return value;
}

const versions = new WeakMap<object, Version>();

function versionOf(value: unknown): Version {
  const version = value instanceof GoStruct ? versions.get(value.fields) : undefined;
  if (version === undefined) throw new TypeError("no semver.Version");
  return version;
}

function changedValue(version: Version, change: (version: Version) => Partial<Version>): GoStruct {
  const next = { ...version, ...change(version) };
  const original = (version.original.startsWith("v") ? "v" : "") + formatVersion(next);
  return versionValue({ ...next, original }, structType);
}

function checkPart(value: string, name: "prerelease" | "metadata"): void {
  for (const part of value.split(".")) {
    if (!/^[0-9A-Za-z-]+$/u.test(part)) throw new Error(`invalid ${name} string`);
    if (name === "prerelease" && /^0[0-9]+$/u.test(part)) throw new Error("version segment starts with 0");
  }
}
