import type { FieldError } from "../../object/field-error.ts";
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, invalid, notSupported, required } from "../validation/errors.ts";
import { internalJson } from "../validation/internal-json.ts";
import { INT32_MAX, rangeMessage } from "../validation/numbers.ts";
import { validateDescendingPath } from "../validation/paths.ts";

const SYSCTL_BYTES_MAX = 253;
const SYSCTL_FORM = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const sysctlForm = new RegExp(SYSCTL_FORM);
const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

export function validatePodSecurity(
  context: PodSecurityContext,
  spec: PodSpec,
  field: string,
  errors: FieldError[],
): void {
  validateId(context.fsGroup, `${field}.fsGroup`, errors);
  validateId(context.runAsUser, `${field}.runAsUser`, errors);
  validateId(context.runAsGroup, `${field}.runAsGroup`, errors);
  context.supplementalGroups?.forEach((group, index) =>
    validateId(group, `${field}.supplementalGroups[${index}]`, errors),
  );
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalid(`${field}.shareProcessNamespace`, true, detail));
  }
  if (context.sysctls) validateSysctls(context.sysctls, `${field}.sysctls`, errors);
  const policy = context.fsGroupChangePolicy;
  if (policy !== undefined && policy !== "Always" && policy !== "OnRootMismatch")
    errors.push(notSupported(`${field}.fsGroupChangePolicy`, policy, ["Always", "OnRootMismatch"]));
  if (context.seccompProfile) validateSeccomp(context.seccompProfile, `${field}.seccompProfile`, errors);
  if (context.appArmorProfile) validateAppArmor(context.appArmorProfile, `${field}.appArmorProfile`, errors);
}

function validateSysctls(sysctls: readonly Sysctl[], field: string, errors: FieldError[]): void {
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
  context: SecurityContext,
  { hostUsers = true }: PodSpec,
  field: string,
  errors: FieldError[],
): void {
  validateId(context.runAsUser, `${field}.runAsUser`, errors);
  validateId(context.runAsGroup, `${field}.runAsGroup`, errors);
  if (context.procMount !== undefined) {
    if (context.procMount !== "Default" && context.procMount !== "Unmasked")
      errors.push(notSupported(`${field}.procMount`, context.procMount, ["Default", "Unmasked"]));
    if (hostUsers && context.procMount === "Unmasked")
      errors.push(invalid(`${field}.procMount`, context.procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  if (context.seccompProfile) validateSeccomp(context.seccompProfile, `${field}.seccompProfile`, errors);
  if (context.allowPrivilegeEscalation === false) {
    const shown = (): unknown => internalJson({ ...context }, securityFields);
    if (context.privileged)
      errors.push(invalid(field, shown(), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    if (context.capabilities?.add?.includes("CAP_SYS_ADMIN"))
      errors.push(
        invalid(field, shown(), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"),
      );
  }
  if (context.appArmorProfile) validateAppArmor(context.appArmorProfile, `${field}.appArmorProfile`, errors);
}

function validateSeccomp(profile: SeccompProfile, field: string, errors: FieldError[]): void {
  const { type, localhostProfile } = profile;
  if (type === "") errors.push(required(`${field}.type`, "type is required when seccompProfile is set"));
  else if (!profileTypes.includes(type)) errors.push(notSupported(`${field}.type`, type, profileTypes));
  const place = `${field}.localhostProfile`;
  if (type === "Localhost") {
    if (localhostProfile === undefined) errors.push(required(place, "must be set when seccomp type is Localhost"));
    else validateDescendingPath(localhostProfile, place, errors);
  } else if (localhostProfile !== undefined) {
    const shown = internalJson({ ...profile }, ["type", "localhostProfile"]);
    errors.push(invalid(place, shown, "can only be set when seccomp type is Localhost"));
  }
}

function validateAppArmor({ type, localhostProfile }: AppArmorProfile, field: string, errors: FieldError[]): void {
  const place = `${field}.localhostProfile`;
  if (type === "Localhost") {
    if (localhostProfile === undefined || localhostProfile.trim() === "")
      errors.push(required(place, "must be set when AppArmor type is Localhost"));
    else if (localhostProfile.trim() !== localhostProfile)
      errors.push(invalid(place, localhostProfile, "must not be padded with whitespace"));
  } else if (type === "") errors.push(required(`${field}.type`, "type is required when appArmorProfile is set"));
  else if (!profileTypes.includes(type)) errors.push(notSupported(`${field}.type`, type, profileTypes));
  else if (localhostProfile !== undefined)
    errors.push(invalid(place, localhostProfile, "can only be set when AppArmor type is Localhost"));
}

function validateId(value: number | undefined, field: string, errors: FieldError[]): void {
  if (value !== undefined && (value < 0 || value > INT32_MAX))
    errors.push(invalid(field, value, rangeMessage(0, INT32_MAX)));
}
