import type { FieldError } from "../../object/field-error.ts";
import type { Container, ContainerPort, EphemeralContainer, PodSpec } from "../../schema/data/types/core-v1.ts";
import {
  duplicate,
  eachInvalid,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  tooLong,
} from "../validation/errors.ts";
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

export function validateContainers(around: Surroundings, field: string): FieldError[] {
  const { spec } = around;
  const containers = spec.containers ?? [];
  if (containers.length === 0) return [required(field)];
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const place = `${field}[${index}]`;
    errors.push(...validateCommon(container, around, place));
    if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
    names.add(container.name);
    errors.push(...validateLife(container, spec, place));
    errors.push(...validateRestart(container, place));
  }
  return [...errors, ...validateHostPorts(containers, field)];
}

export function validateInitContainers(around: Surroundings, field: string): FieldError[] {
  const { spec } = around;
  const names = new Set((spec.containers ?? []).map(({ name }) => name));
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const place = `${field}[${index}]`;
    const errors = [...validateCommon(container, around, place), ...validateRestart(container, place)];
    if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
    if (container.name !== "") names.add(container.name);
    errors.push(...validateHostPorts([container], field));
    if (container.restartPolicy === "Always") return [...errors, ...validateLife(container, spec, place)];
    for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
      if (container[name]) errors.push(forbidden(`${place}.${name}`, ONLY_SIDECARS));
    return errors;
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

export function validateEphemeralContainers(around: Surroundings, field: string): FieldError[] {
  const { spec } = around;
  const others = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const names = new Set(others.map(({ name }) => name));
  const targets = new Set(names);
  return (spec.ephemeralContainers ?? []).flatMap((container, index) => {
    const place = `${field}[${index}]`;
    const errors = validateCommon(container, around, place);
    if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target !== undefined && !targets.has(target)) errors.push(notFound(`${place}.targetContainerName`, target));
    for (const name of ephemeralForbidden)
      if (container[name]) errors.push(forbidden(`${place}.${name}`, "cannot be set for an Ephemeral Container"));
    return errors;
  });
}

function validateCommon(container: Container | EphemeralContainer, around: Surroundings, field: string): FieldError[] {
  const { name, image = "", terminationMessagePolicy: messages = "", imagePullPolicy = "" } = container;
  const errors = name === "" ? [required(`${field}.name`)] : eachInvalid(`${field}.name`, name, dnsLabel(name));
  if (image === "") errors.push(required(`${field}.image`));
  if (!messagePolicies.includes(messages))
    errors.push(notSupported(`${field}.terminationMessagePolicy`, messages, messagePolicies));
  errors.push(...validatePorts(container.ports ?? [], `${field}.ports`));
  errors.push(...validateEnv(container.env ?? [], `${field}.env`));
  errors.push(...validateEnvFrom(container.envFrom ?? [], `${field}.envFrom`));
  errors.push(...validateMounts(container, around.volumes, `${field}.volumeMounts`));
  errors.push(...validateDevices(container, around.volumes, `${field}.volumeDevices`));
  if (!pullPolicies.includes(imagePullPolicy))
    errors.push(notSupported(`${field}.imagePullPolicy`, imagePullPolicy, pullPolicies));
  const claims = new Set((around.spec.resourceClaims ?? []).map((claim) => claim.name));
  errors.push(...validateResources(container.resources, `${field}.resources`, claims));
  const usesHostUsers = around.spec.hostUsers ?? true;
  return [
    ...errors,
    ...validateContainerSecurity(container.securityContext, `${field}.securityContext`, usesHostUsers),
  ];
}

function validateLife(container: Container, spec: PodSpec, field: string): FieldError[] {
  const { lifecycle } = container;
  return [
    ...(lifecycle ? validateLifecycle(lifecycle, `${field}.lifecycle`, spec.terminationGracePeriodSeconds ?? 0) : []),
    ...validateProbe(container.livenessProbe, "liveness", `${field}.livenessProbe`),
    ...validateProbe(container.readinessProbe, "readiness", `${field}.readinessProbe`),
    ...validateProbe(container.startupProbe, "startup", `${field}.startupProbe`),
  ];
}

function validateRestart(
  { restartPolicy: policy, restartPolicyRules: rules = [] }: Container,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const place = `${field}.restartPolicy`;
  if (policy === undefined) {
    if (rules.length > 0) errors.push(required(place, "must specify restartPolicy when restart rules are used"));
  } else if (!restartPolicies.includes(policy)) errors.push(notSupported(place, policy, restartPolicies));
  if (rules.length > RULES_MAX) errors.push(tooLong(`${place}Rules`, RULES_MAX));
  for (const [index, { action, exitCodes }] of rules.entries()) {
    const at = `${place}Rules[${index}]`;
    if (action !== "Restart") errors.push(notSupported(`${at}.action`, action, ["Restart"]));
    if (!exitCodes) {
      errors.push(required(`${at}.exitCodes`, "must be specified"));
      continue;
    }
    if (exitCodes.operator !== "In" && exitCodes.operator !== "NotIn")
      errors.push(notSupported(`${at}.exitCodes.operator`, exitCodes.operator, ["In", "NotIn"]));
    if ((exitCodes.values ?? []).length > EXIT_CODES_MAX)
      errors.push(tooLong(`${at}.exitCodes.values`, EXIT_CODES_MAX));
  }
  return errors;
}

function validatePorts(ports: readonly ContainerPort[], field: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name = "", containerPort, hostPort = 0, protocol = "" }, index) => {
    const place = `${field}[${index}]`;
    const errors: FieldError[] = [];
    if (name !== "") {
      const messages = portName(name);
      if (messages.length > 0) errors.push(...eachInvalid(`${place}.name`, name, messages));
      else if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
      else names.add(name);
    }
    if (containerPort === 0) errors.push(required(`${place}.containerPort`));
    else errors.push(...eachInvalid(`${place}.containerPort`, containerPort, portNumber(containerPort)));
    if (hostPort !== 0) errors.push(...eachInvalid(`${place}.hostPort`, hostPort, portNumber(hostPort)));
    if (!protocols.includes(protocol)) errors.push(notSupported(`${place}.protocol`, protocol, protocols));
    return errors;
  });
}

function validateHostPorts(containers: readonly Container[], field: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ protocol, hostIP = "", hostPort = 0 }, portIndex) => {
      if (hostPort === 0) return [];
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) return [duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

function validateMounts(
  { volumeMounts = [], volumeDevices = [], securityContext }: Container | EphemeralContainer,
  volumes: ReadonlySet<string>,
  field: string,
): FieldError[] {
  const paths = new Set<string>();
  return volumeMounts.flatMap((mount, index) => {
    const { name, mountPath, subPath = "", subPathExpr = "", mountPropagation } = mount;
    const place = `${field}[${index}]`;
    const errors = name === "" ? [required(`${place}.name`)] : [];
    if (!volumes.has(name)) errors.push(notFound(`${place}.name`, name));
    if (mountPath === "") errors.push(required(`${place}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${place}.mountPath`, mountPath, "must be unique"));
    paths.add(mountPath);
    if (volumeDevices.some((device) => device.name === name))
      errors.push(invalid(`${place}.name`, name, "must not already exist in volumeDevices"));
    if (volumeDevices.some(({ devicePath }) => devicePath === mountPath))
      errors.push(invalid(`${place}.mountPath`, mountPath, "must not already exist as a path in volumeDevices"));
    if (subPath !== "") errors.push(...validateDescendingPath(subPath, `${field}.subPath`));
    if (subPathExpr !== "") {
      if (subPath !== "")
        errors.push(invalid(`${place}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      errors.push(...validateDescendingPath(subPathExpr, `${field}.subPathExpr`));
    }
    if (mountPropagation === undefined) return errors;
    if (!propagations.includes(mountPropagation))
      errors.push(notSupported(`${field}.mountPropagation`, mountPropagation, propagations));
    if (mountPropagation === "Bidirectional" && !securityContext?.privileged) {
      const detail = "Bidirectional mount propagation is available only to privileged containers";
      errors.push(forbidden(`${field}.mountPropagation`, detail));
    }
    return errors;
  });
}

function validateDevices(
  { volumeDevices = [] }: Container | EphemeralContainer,
  volumes: ReadonlySet<string>,
  field: string,
): FieldError[] {
  const paths = new Set<string>();
  return volumeDevices.flatMap(({ name, devicePath }, index) => {
    const place = `${field}[${index}]`;
    const errors = name === "" ? [required(`${place}.name`)] : [];
    if (!volumes.has(name)) errors.push(notFound(`${place}.name`, name));
    if (devicePath === "") errors.push(required(`${place}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${place}.devicePath`, devicePath, "must be unique"));
    paths.add(devicePath);
    return errors;
  });
}
