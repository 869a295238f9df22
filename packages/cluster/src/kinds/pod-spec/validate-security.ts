import type { FieldError } from "../../object/field-error.ts";
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, invalid, notSupported, required } from "../validation/errors.ts";
import { internalJson } from "../validation/internal-json.ts";
import { INT32_MAX, rangeMessage } from "../validation/numbers.ts";
import { validateDescendingPath } from "../validation/paths.ts";

const SYSCTL_BYTES_MAX = 253;
const SYSCTL_FORM = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const sysctlForm = new RegExp(SYSCTL_FORM);
const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

export function validatePodSecurity(context: PodSecurityContext, spec: PodSpec, field: string): FieldError[] {
  const errors = [
    ...validateId(context.fsGroup, `${field}.fsGroup`),
    ...validateId(context.runAsUser, `${field}.runAsUser`),
    ...validateId(context.runAsGroup, `${field}.runAsGroup`),
  ];
  for (const [index, group] of (context.supplementalGroups ?? []).entries())
    errors.push(...validateId(group, `${field}.supplementalGroups[${index}]`));
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalid(`${field}.shareProcessNamespace`, true, detail));
  }
  errors.push(...validateSysctls(context, `${field}.sysctls`));
  const policy = context.fsGroupChangePolicy;
  if (policy !== undefined && policy !== "Always" && policy !== "OnRootMismatch")
    errors.push(notSupported(`${field}.fsGroupChangePolicy`, policy, ["Always", "OnRootMismatch"]));
  errors.push(...validateSeccomp(context.seccompProfile, `${field}.seccompProfile`));
  errors.push(...validateAppArmor(context.appArmorProfile, `${field}.appArmorProfile`));
  return errors;
}

function validateSysctls({ sysctls = [] }: PodSecurityContext, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { name }] of sysctls.entries()) {
    const place = `${field}[${index}].name`;
    if (name === "") errors.push(required(place));
    else if (name.length > SYSCTL_BYTES_MAX || !sysctlForm.test(name))
      errors.push(
        invalid(place, name, `must have at most ${SYSCTL_BYTES_MAX} characters and match regex ${SYSCTL_FORM}`),
      );
    else if (seen.has(name)) errors.push(duplicate(place, name));
    seen.add(name);
  }
  return errors;
}

const securityFields = [
  "capabilities",
  "privileged",
  "seLinuxOptions",
  "windowsOptions",
  "runAsUser",
  "runAsGroup",
  "runAsNonRoot",
  "readOnlyRootFilesystem",
  "allowPrivilegeEscalation",
  "procMount",
  "seccompProfile",
  "appArmorProfile",
];

export function validateContainerSecurity(
  context: SecurityContext | undefined,
  field: string,
  usesHostUsers: boolean,
): FieldError[] {
  if (!context) return [];
  const errors = [
    ...validateId(context.runAsUser, `${field}.runAsUser`),
    ...validateId(context.runAsGroup, `${field}.runAsGroup`),
  ];
  if (context.procMount !== undefined) {
    if (context.procMount !== "Default" && context.procMount !== "Unmasked")
      errors.push(notSupported(`${field}.procMount`, context.procMount, ["Default", "Unmasked"]));
    if (usesHostUsers && context.procMount === "Unmasked")
      errors.push(invalid(`${field}.procMount`, context.procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  errors.push(...validateSeccomp(context.seccompProfile, `${field}.seccompProfile`));
  if (context.allowPrivilegeEscalation === false) {
    const shown = internalJson({ ...context }, securityFields);
    if (context.privileged)
      errors.push(invalid(field, shown, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    if (context.capabilities?.add?.includes("CAP_SYS_ADMIN"))
      errors.push(
        invalid(field, shown, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"),
      );
  }
  return [...errors, ...validateAppArmor(context.appArmorProfile, `${field}.appArmorProfile`)];
}

function validateSeccomp(profile: SeccompProfile | undefined, field: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(`${field}.type`, "type is required when seccompProfile is set"));
  else if (!profileTypes.includes(type)) errors.push(notSupported(`${field}.type`, type, profileTypes));
  const place = `${field}.localhostProfile`;
  if (type === "Localhost") {
    if (localhostProfile === undefined) errors.push(required(place, "must be set when seccomp type is Localhost"));
    else errors.push(...validateDescendingPath(localhostProfile, place));
  } else if (localhostProfile !== undefined) {
    const shown = internalJson({ ...profile }, ["type", "localhostProfile"]);
    errors.push(invalid(place, shown, "can only be set when seccomp type is Localhost"));
  }
  return errors;
}

function validateAppArmor(profile: AppArmorProfile | undefined, field: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const place = `${field}.localhostProfile`;
  if (type === "Localhost") {
    if (localhostProfile === undefined || localhostProfile.trim() === "")
      return [required(place, "must be set when AppArmor type is Localhost")];
    if (localhostProfile.trim() !== localhostProfile)
      return [invalid(place, localhostProfile, "must not be padded with whitespace")];
    return [];
  }
  if (type === "") return [required(`${field}.type`, "type is required when appArmorProfile is set")];
  if (!profileTypes.includes(type)) return [notSupported(`${field}.type`, type, profileTypes)];
  return localhostProfile === undefined
    ? []
    : [invalid(place, localhostProfile, "can only be set when AppArmor type is Localhost")];
}

function validateId(value: number | undefined, field: string): FieldError[] {
  const isFitting = value === undefined || (value >= 0 && value <= INT32_MAX);
  return isFitting ? [] : [invalid(field, value, rangeMessage(0, INT32_MAX))];
}
