import type { FieldError } from "../../object/field-error.ts";

export type Level = "privileged" | "baseline" | "restricted";

/** A level of one version of the standards; `latest` is those of the version that we present. */
export interface LevelVersion {
  readonly level: Level;
  readonly version: string;
}

export type Mode = "enforce" | "audit" | "warn";

export type Policy = Readonly<Record<Mode, LevelVersion>>;

const levels: readonly Level[] = ["privileged", "baseline", "restricted"];
const prefix = "pod-security.kubernetes.io/";
const nothing: LevelVersion = { level: "privileged", version: "latest" };
const noPolicy = { policy: { enforce: nothing, audit: nothing, warn: nothing }, errors: [] };

/** What a namespace asks for by its labels. A label that can't be read is strict when enforced and void otherwise. */
export function policyOf(labels: Readonly<Record<string, string>>): {
  readonly policy: Policy;
  readonly errors: readonly FieldError[];
} {
  if (!Object.keys(labels).some((name) => name.startsWith(prefix))) return noPolicy;
  const errors: FieldError[] = [];
  const read = (mode: Mode): LevelVersion & { readonly hasLevel: boolean; readonly hasVersion: boolean } => {
    const level = labels[prefix + mode];
    const version = labels[`${prefix}${mode}-version`];
    const levelIsValid = level === undefined || isLevel(level);
    if (!levelIsValid) errors.push(invalidLabel(prefix + mode, level, `must be one of ${levels.join(", ")}`));
    const versionIsValid = version === undefined || /^(latest|v1\.(0|[1-9][0-9]*))$/.test(version);
    if (!versionIsValid) errors.push(invalidLabel(`${prefix}${mode}-version`, version, `must be "latest" or "v1.x"`));
    return {
      level:
        level === undefined ? "privileged" : isLevel(level) ? level : mode === "enforce" ? "restricted" : "privileged",
      version: versionIsValid ? (version ?? "latest") : "latest",
      hasLevel: level !== undefined && levelIsValid,
      hasVersion: version !== undefined,
    };
  };
  const enforce = read("enforce");
  const audit = read("audit");
  const warn = read("warn");
  const warnsByItself =
    labels[`${prefix}warn`] === undefined && enforce.hasLevel && strictness(enforce.level) > strictness(warn.level);
  return {
    policy: {
      enforce: { level: enforce.level, version: enforce.version },
      audit: { level: audit.level, version: audit.version },
      warn: warnsByItself
        ? { level: enforce.level, version: warn.hasVersion ? warn.version : enforce.version }
        : { level: warn.level, version: warn.version },
    },
    errors,
  };
}

export function strictness(level: Level): number {
  return levels.indexOf(level);
}

/** `v1.25` is 25; `latest` is later than all. */
export function minorOf({ version }: LevelVersion): number {
  return version === "latest" ? Infinity : Number(version.slice("v1.".length));
}

function isLevel(text: string): text is Level {
  return levels.some((level) => level === text);
}

function invalidLabel(label: string, value: string | undefined, why: string): FieldError {
  return {
    reason: "FieldValueInvalid",
    field: `metadata.labels[${label}]`,
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  };
}
