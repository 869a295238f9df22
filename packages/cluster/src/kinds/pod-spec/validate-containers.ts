import type { FieldError } from "../../object/field-error.ts";
import type {
  Container,
  ContainerPort,
  ContainerResizePolicy,
  EphemeralContainer,
  PodSpec,
  VolumeMount,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, forbidden, invalid, notFound, notSupported, required, tooLong } from "../validation/errors.ts";
import { dnsLabel } from "../validation/names.ts";
import { portName, portNumber } from "../validation/numbers.ts";
import { validateDescendingPath } from "../validation/paths.ts";
import { validateEnv, validateEnvFrom } from "./validate-env.ts";
import { validateLifecycle, validateProbe } from "./validate-probes.ts";
import { validateResources } from "./validate-resources.ts";
import { validateContainerSecurity } from "./validate-security.ts";

const protocols = ["SCTP", "TCP", "UDP"];
const pullPolicies = ["Always", "IfNotPresent", "Never"];
const messagePolicies = ["File", "FallbackToLogsOnError"];
const propagations = ["Bidirectional", "HostToContainer", "None"];
const restartPolicies = ["Always", "Never", "OnFailure"];
const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;
const ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always";

interface Surroundings {
  readonly spec: PodSpec;
  /** Names of the volumes that a mount may name. */
  readonly volumes: ReadonlySet<string>;
}

export function validateContainers(around: Surroundings, field: string, errors: FieldError[]): void {
  const { spec } = around;
  const containers = spec.containers ?? [];
  if (containers.length === 0) errors.push(required(field));
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const place = `${field}[${index}]`;
    validateCommon(container, around, place, errors);
    if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
    names.add(container.name);
    validateLife(container, spec, place, errors);
    validateRestart(container, place, errors);
  });
  validateHostPorts(containers, field, errors);
}

export function validateInitContainers(around: Surroundings, field: string, errors: FieldError[]): void {
  const { spec } = around;
  if (!spec.initContainers) return;
  const names = namesOf(spec.containers);
  spec.initContainers.forEach((container, index) => {
    const place = `${field}[${index}]`;
    validateCommon(container, around, place, errors);
    validateRestart(container, place, errors);
    if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
    if (container.name !== "") names.add(container.name);
    validateHostPorts([container], field, errors);
    if (container.restartPolicy === "Always") return validateLife(container, spec, place, errors);
    for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
      if (container[name]) errors.push(forbidden(`${place}.${name}`, ONLY_SIDECARS));
  });
}

const ephemeralForbidden = [
  "ports",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
  "resizePolicy",
] as const;

export function validateEphemeralContainers(around: Surroundings, field: string, errors: FieldError[]): void {
  const { spec } = around;
  if (!spec.ephemeralContainers) return;
  const targets = namesOf(spec.containers, spec.initContainers);
  const names = new Set(targets);
  spec.ephemeralContainers.forEach((container, index) => {
    const place = `${field}[${index}]`;
    validateCommon(container, around, place, errors);
    if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target !== undefined && !targets.has(target)) errors.push(notFound(`${place}.targetContainerName`, target));
    for (const name of ephemeralForbidden)
      if (container[name]) errors.push(forbidden(`${place}.${name}`, "cannot be set for an Ephemeral Container"));
  });
}

function namesOf(...lists: readonly (readonly Container[] | null | undefined)[]): Set<string> {
  return new Set(lists.flatMap((list) => (list ?? []).map(({ name }) => name)));
}

function validateCommon(
  container: Container | EphemeralContainer,
  { spec, volumes }: Surroundings,
  field: string,
  errors: FieldError[],
): void {
  const { name, image = "", terminationMessagePolicy: messages = "", imagePullPolicy = "" } = container;
  if (name === "") errors.push(required(`${field}.name`));
  else for (const message of dnsLabel(name)) errors.push(invalid(`${field}.name`, name, message));
  if (image === "") errors.push(required(`${field}.image`));
  if (!messagePolicies.includes(messages))
    errors.push(notSupported(`${field}.terminationMessagePolicy`, messages, messagePolicies));
  if (container.ports) validatePorts(container.ports, `${field}.ports`, errors);
  if (container.env) validateEnv(container.env, `${field}.env`, errors);
  if (container.envFrom) validateEnvFrom(container.envFrom, `${field}.envFrom`, errors);
  validateMounts(container, volumes, `${field}.volumeMounts`, errors);
  validateDevices(container, volumes, `${field}.volumeDevices`, errors);
  if (!pullPolicies.includes(imagePullPolicy))
    errors.push(notSupported(`${field}.imagePullPolicy`, imagePullPolicy, pullPolicies));
  validateResources(container.resources, `${field}.resources`, errors, spec.resourceClaims);
  if (container.resizePolicy) validateResize(container.resizePolicy, spec, `${field}.resizePolicy`, errors);
  if (container.securityContext)
    validateContainerSecurity(container.securityContext, spec, `${field}.securityContext`, errors);
}

const resizedResources = ["cpu", "memory"];
const resizePolicies = ["NotRequired", "RestartContainer"];

function validateResize(
  policies: readonly ContainerResizePolicy[],
  spec: PodSpec,
  field: string,
  errors: FieldError[],
): void {
  const seen = new Set<string>();
  for (const [index, { resourceName: name, restartPolicy: policy }] of policies.entries()) {
    if (seen.has(name)) errors.push(duplicate(`${field}[${index}]`, name));
    seen.add(name);
    if (name === "") errors.push(required(field));
    else if (!resizedResources.includes(name)) errors.push(notSupported(field, name, resizedResources));
    if (policy === "") errors.push(required(field));
    else if (!resizePolicies.includes(policy)) errors.push(notSupported(field, policy, resizePolicies));
    if (spec.restartPolicy === "Never" && policy !== "NotRequired")
      errors.push(invalid(field, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  }
}

function validateLife(container: Container, spec: PodSpec, field: string, errors: FieldError[]): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  if (lifecycle) validateLifecycle(lifecycle, spec, `${field}.lifecycle`, errors);
  if (livenessProbe) validateProbe(livenessProbe, "liveness", `${field}.livenessProbe`, errors);
  if (readinessProbe) validateProbe(readinessProbe, "readiness", `${field}.readinessProbe`, errors);
  if (startupProbe) validateProbe(startupProbe, "startup", `${field}.startupProbe`, errors);
}

function validateRestart(container: Container, field: string, errors: FieldError[]): void {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container;
  const place = `${field}.restartPolicy`;
  if (policy === undefined) {
    if (rules.length > 0) errors.push(required(place, "must specify restartPolicy when restart rules are used"));
  } else if (!restartPolicies.includes(policy)) errors.push(notSupported(place, policy, restartPolicies));
  if (rules.length > RULES_MAX) errors.push(tooLong(`${place}Rules`, RULES_MAX));
  for (const [index, { action, exitCodes }] of rules.entries()) {
    const at = `${place}Rules[${index}]`;
    if (action !== "Restart") errors.push(notSupported(`${at}.action`, action ?? "", ["Restart"]));
    if (!exitCodes) {
      errors.push(required(`${at}.exitCodes`, "must be specified"));
      continue;
    }
    if (exitCodes.operator !== "In" && exitCodes.operator !== "NotIn")
      errors.push(notSupported(`${at}.exitCodes.operator`, exitCodes.operator, ["In", "NotIn"]));
    if ((exitCodes.values ?? []).length > EXIT_CODES_MAX)
      errors.push(tooLong(`${at}.exitCodes.values`, EXIT_CODES_MAX));
  }
}

function validatePorts(ports: readonly ContainerPort[], field: string, errors: FieldError[]): void {
  const names = new Set<string>();
  ports.forEach(({ name = "", containerPort, hostPort = 0, protocol = "" }, index) => {
    const place = `${field}[${index}]`;
    if (name !== "") {
      const messages = portName(name);
      for (const message of messages) errors.push(invalid(`${place}.name`, name, message));
      if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
      else if (messages.length === 0) names.add(name);
    }
    if (containerPort === 0) errors.push(required(`${place}.containerPort`));
    else
      for (const message of portNumber(containerPort))
        errors.push(invalid(`${place}.containerPort`, containerPort, message));
    if (hostPort !== 0)
      for (const message of portNumber(hostPort)) errors.push(invalid(`${place}.hostPort`, hostPort, message));
    if (!protocols.includes(protocol)) errors.push(notSupported(`${place}.protocol`, protocol, protocols));
  });
}

function validateHostPorts(containers: readonly Container[], field: string, errors: FieldError[]): void {
  let taken: Set<string> | undefined;
  containers.forEach(({ ports }, index) =>
    ports?.forEach(({ protocol, hostIP = "", hostPort = 0 }, portIndex) => {
      if (hostPort === 0) return;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken?.has(key)) errors.push(duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, key));
      (taken ??= new Set()).add(key);
    }),
  );
}

function validateMounts(
  { volumeMounts, volumeDevices = [], securityContext }: Container | EphemeralContainer,
  volumes: ReadonlySet<string>,
  field: string,
  errors: FieldError[],
): void {
  if (!volumeMounts) return;
  const paths = new Set<string>();
  volumeMounts.forEach((mount, index) => {
    const { name, mountPath, subPath = "", subPathExpr = "", mountPropagation } = mount;
    const place = `${field}[${index}]`;
    if (name === "") errors.push(required(`${place}.name`));
    if (!volumes.has(name)) errors.push(notFound(`${place}.name`, name));
    if (mountPath === "") errors.push(required(`${place}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${place}.mountPath`, mountPath, "must be unique"));
    paths.add(mountPath);
    if (volumeDevices.some((device) => device.name === name))
      errors.push(invalid(`${place}.name`, name, "must not already exist in volumeDevices"));
    if (volumeDevices.some(({ devicePath }) => devicePath === mountPath))
      errors.push(invalid(`${place}.mountPath`, mountPath, "must not already exist as a path in volumeDevices"));
    if (subPath !== "") validateDescendingPath(subPath, `${field}.subPath`, errors);
    if (subPathExpr !== "") {
      if (subPath !== "")
        errors.push(invalid(`${place}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      validateDescendingPath(subPathExpr, `${field}.subPathExpr`, errors);
    }
    const isPrivileged = securityContext?.privileged ?? false;
    if (mountPropagation !== undefined) validatePropagation(mountPropagation, isPrivileged, field, errors);
    validateReadOnly(mount, `${field}.recursiveReadOnly`, errors);
  });
}

function validatePropagation(propagation: string, isPrivileged: boolean, field: string, errors: FieldError[]): void {
  if (!propagations.includes(propagation))
    errors.push(notSupported(`${field}.mountPropagation`, propagation, propagations));
  if (propagation !== "Bidirectional" || isPrivileged) return;
  const detail = "Bidirectional mount propagation is available only to privileged containers";
  errors.push(forbidden(`${field}.mountPropagation`, detail));
}

const readOnlyModes = ["Disabled", "Enabled", "IfPossible"];

function validateReadOnly(
  { recursiveReadOnly: mode = "Disabled", readOnly = false, mountPropagation = "None" }: VolumeMount,
  field: string,
  errors: FieldError[],
): void {
  if (mode === "Disabled") return;
  if (!readOnlyModes.includes(mode)) errors.push(notSupported(field, mode, readOnlyModes));
  else {
    if (!readOnly) errors.push(forbidden(field, "may only be specified when readOnly is true"));
    const detail = "may only be specified when mountPropagation is None or not specified";
    if (mountPropagation !== "None") errors.push(forbidden(field, detail));
  }
}

function validateDevices(
  { volumeDevices, volumeMounts = [] }: Container | EphemeralContainer,
  volumes: ReadonlySet<string>,
  field: string,
  errors: FieldError[],
): void {
  if (!volumeDevices) return;
  const paths = new Set<string>();
  const names = new Set<string>();
  volumeDevices.forEach(({ name, devicePath: path }, index) => {
    const place = `${field}[${index}]`;
    if (name === "") errors.push(required(`${place}.name`));
    if (names.has(name)) errors.push(invalid(`${place}.name`, name, "must be unique"));
    if (!volumes.has(name)) errors.push(notFound(`${place}.name`, name));
    if (path === "") errors.push(required(`${place}.devicePath`));
    if (paths.has(path)) errors.push(invalid(`${place}.devicePath`, path, "must be unique"));
    if (path.split("/").includes(".."))
      errors.push(invalid(`${place}.devicePath`, path, "can not contain backsteps ('..')"));
    else paths.add(path);
    if (volumeMounts.some((mount) => mount.name === name))
      errors.push(invalid(`${place}.name`, name, "must not already exist in volumeMounts"));
    if (volumeMounts.some(({ mountPath }) => mountPath === path))
      errors.push(invalid(`${place}.devicePath`, path, "must not already exist as a path in volumeMounts"));
    if (name !== "") names.add(name);
  });
}
