import type { FieldError } from "../../object/field-error.ts";
import type {
  DeviceClass,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  OpaqueDeviceConfiguration,
  ResourceClaim,
  ResourceClaimSpec,
  ResourceClaimTemplate,
  ResourceSlice,
} from "../../schema/data/types/resource-v1.ts";
import { duplicate, eachInvalid, invalid, notSupported, required, tooLong, tooMany } from "../validation/errors.ts";
import { immutable, immutableStruct } from "../validation/immutable.ts";
import { byteLength, dnsLabel, dnsSubdomain } from "../validation/names.ts";

const modes = ["All", "ExactCount"];
const max = {
  selectors: 32,
  requests: 32,
  alternatives: 8,
  constraints: 32,
  configurations: 32,
  devices: 128,
} as const;
const expressionBytesMax = 10 * 1024;
const driverBytesMax = 63;

export function validateClaim({ spec }: ResourceClaim): FieldError[] {
  return validateClaimSpec(spec, "spec");
}

export function validateClaimUpdate(next: ResourceClaim, current: ResourceClaim): FieldError[] {
  return immutableStruct("ResourceClaimSpec", next.spec, current.spec, "spec");
}

export function validateTemplate({ spec }: ResourceClaimTemplate): FieldError[] {
  return validateClaimSpec(spec.spec, "spec.spec");
}

export function validateTemplateUpdate(next: ResourceClaimTemplate, current: ResourceClaimTemplate): FieldError[] {
  return immutableStruct("ResourceClaimTemplateSpec", next.spec, current.spec, "spec");
}

export function validateDeviceClass({ spec: { selectors = [], config = [] } }: DeviceClass): FieldError[] {
  return [
    ...validateSelectors(selectors, "spec.selectors"),
    ...atMost(config, max.configurations, "spec.config"),
    ...config.flatMap(({ opaque }, index) => validateOpaque(opaque, `spec.config[${index}].opaque`)),
  ];
}

function validateClaimSpec({ devices }: ResourceClaimSpec, field: string): FieldError[] {
  const requests = devices.requests ?? [];
  const at = `${field}.devices`;
  const names = new Map(
    requests.map(({ name, firstAvailable = [] }) => [name, firstAvailable.map((each) => each.name)]),
  );
  const { constraints = [], config = [] } = devices;
  const references = (wanted: readonly string[] | undefined, path: string): FieldError[] => [
    ...atMost(wanted ?? [], max.requests, path),
    ...(wanted ?? []).flatMap((name, index) => validateReference(name, names, `${path}[${index}]`)),
  ];
  return [
    ...validateNamed(requests, max.requests, `${at}.requests`),
    ...requests.flatMap((request, index) => validateRequest(request, `${at}.requests[${index}]`)),
    ...atMost(constraints, max.constraints, `${at}.constraints`),
    ...constraints.flatMap(({ requests: wanted, matchAttribute }, index) => [
      ...references(wanted, `${at}.constraints[${index}].requests`),
      ...(matchAttribute === undefined ? [required(`${at}.constraints[${index}].matchAttribute`)] : []),
    ]),
    ...atMost(config, max.configurations, `${at}.config`),
    ...config.flatMap(({ requests: wanted, opaque }, index) => [
      ...references(wanted, `${at}.config[${index}].requests`),
      ...validateOpaque(opaque, `${at}.config[${index}].opaque`),
    ]),
  ];
}

const oneOf = "exactly one of `exactly` or `firstAvailable` is required";

function validateRequest({ name, exactly, firstAvailable = [] }: DeviceRequest, field: string): FieldError[] {
  const named = eachInvalid(`${field}.name`, name, dnsLabel(name));
  if (exactly !== undefined && firstAvailable.length > 0)
    return [...named, invalid(field, undefined, `${oneOf}, but multiple fields are set`)];
  if (exactly !== undefined) return [...named, ...validateAsked(exactly, `${field}.exactly`)];
  if (firstAvailable.length === 0) return [...named, required(field, oneOf)];
  const at = `${field}.firstAvailable`;
  return [
    ...named,
    ...validateNamed(firstAvailable, max.alternatives, at),
    ...firstAvailable.flatMap((each, index) => [
      ...eachInvalid(`${at}[${index}].name`, each.name, dnsLabel(each.name)),
      ...validateAsked(each, `${at}[${index}]`),
    ]),
  ];
}

type Asked = Pick<DeviceSubRequest, "deviceClassName" | "selectors" | "allocationMode" | "count">;

function validateAsked(
  { deviceClassName, selectors = [], allocationMode, count = 0 }: Asked,
  field: string,
): FieldError[] {
  const classed =
    deviceClassName === ""
      ? [required(`${field}.deviceClassName`)]
      : eachInvalid(`${field}.deviceClassName`, deviceClassName, dnsSubdomain(deviceClassName));
  return [
    ...classed,
    ...validateSelectors(selectors, `${field}.selectors`),
    ...validateMode(allocationMode ?? "", count, field),
  ];
}

function validateMode(mode: string, count: number, field: string): FieldError[] {
  if (!modes.includes(mode)) return [notSupported(`${field}.allocationMode`, mode, modes)];
  if (mode === "ExactCount") return count > 0 ? [] : [invalid(`${field}.count`, count, "must be greater than zero")];
  const detail = "must not be specified when allocationMode is 'All'";
  return count === 0 ? [] : [invalid(`${field}.count`, count, detail)];
}

/** Their expressions are about devices, which nobody allocates here: they are kept, and not compiled. */
function validateSelectors(selectors: readonly DeviceSelector[], field: string): FieldError[] {
  return [
    ...atMost(selectors, max.selectors, field),
    ...selectors.flatMap(({ cel }, index) => {
      if (cel === undefined) return [required(`${field}[${index}].cel`)];
      const isTooLong = byteLength(cel.expression) > expressionBytesMax;
      return isTooLong ? [tooLong(`${field}[${index}].cel.expression`, expressionBytesMax)] : [];
    }),
  ];
}

const referenceForm =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

function validateReference(name: string, names: ReadonlyMap<string, readonly string[]>, field: string): FieldError[] {
  const [request = "", alternative, ...rest] = name.split("/");
  if (rest.length > 0) return [invalid(field, name, referenceForm)];
  const parts = alternative === undefined ? [request] : [request, alternative];
  const known = names.get(request);
  const isKnown = known !== undefined && (alternative === undefined || known.includes(alternative));
  return [
    ...parts.flatMap((part) => eachInvalid(field, part, dnsLabel(part))),
    ...(isKnown ? [] : [invalid(field, name, referenceForm)]),
  ];
}

function validateOpaque(opaque: OpaqueDeviceConfiguration | undefined, field: string): FieldError[] {
  if (opaque === undefined) return [required(field)];
  const parameters = opaque.parameters === null ? [required(`${field}.parameters`)] : [];
  return [...validateDriver(opaque.driver, `${field}.driver`), ...parameters];
}

function validateDriver(name: string, field: string): FieldError[] {
  if (name === "") return [required(field)];
  const long = byteLength(name) > driverBytesMax ? [tooLong(field, driverBytesMax)] : [];
  return [...long, ...eachInvalid(field, name, dnsSubdomain(name.toLowerCase()))];
}

export function validateSlice({ spec }: ResourceSlice): FieldError[] {
  const { driver, pool, nodeName, nodeSelector, allNodes, perDeviceNodeSelection, devices = [] } = spec;
  const places = { nodeName, nodeSelector, allNodes, perDeviceNodeSelection };
  const set = Object.entries(places).flatMap(([name, value]) => (value ? [`\`${name}\``] : []));
  const choice = `exactly one of ${Object.keys(places)
    .map((name) => `\`${name}\``)
    .join(", ")} is required`;
  const errors = [...validateDriver(driver, "spec.driver")];
  if (pool.name === "") errors.push(required("spec.pool.name"));
  for (const part of pool.name === "" ? [] : pool.name.split("/"))
    errors.push(...eachInvalid("spec.pool.name", part, dnsSubdomain(part)));
  if (pool.resourceSliceCount <= 0)
    errors.push(invalid("spec.pool.resourceSliceCount", pool.resourceSliceCount, "must be greater than zero"));
  if (pool.generation < 0)
    errors.push(invalid("spec.pool.generation", pool.generation, "must be greater than or equal to zero"));
  if (nodeName === "") errors.push(invalid("spec.nodeName", "", "must be either unset or set to a non-empty string"));
  else if (nodeName !== undefined) errors.push(...eachInvalid("spec.nodeName", nodeName, dnsSubdomain(nodeName)));
  if (allNodes === false) errors.push(invalid("spec.allNodes", allNodes, "must be either unset or set to true"));
  if (set.length === 0) errors.push(required("spec", choice));
  if (set.length > 1) errors.push(invalid("spec", `{${set.join(", ")}}`, `${choice}, but multiple fields are set`));
  errors.push(...validateNamed(devices, max.devices, "spec.devices"));
  for (const [index, { name }] of devices.entries())
    errors.push(...eachInvalid(`spec.devices[${index}].name`, name, dnsLabel(name)));
  return errors;
}

export function validateSliceUpdate(next: ResourceSlice, current: ResourceSlice): FieldError[] {
  return [
    ...validateSlice(next),
    ...immutable(next.spec.pool.name, current.spec.pool.name, "spec.pool.name"),
    ...immutable(next.spec.driver, current.spec.driver, "spec.driver"),
    ...immutable(next.spec.nodeName, current.spec.nodeName, "spec.nodeName"),
  ];
}

function atMost(items: readonly unknown[], countMax: number, field: string): FieldError[] {
  return items.length > countMax ? [tooMany(field, items.length, countMax)] : [];
}

function validateNamed(items: readonly { readonly name: string }[], countMax: number, field: string): FieldError[] {
  const seen = new Set<string>();
  const errors = atMost(items, countMax, field);
  for (const [index, { name }] of items.entries()) {
    if (seen.has(name)) errors.push(duplicate(`${field}[${index}]`, name));
    seen.add(name);
  }
  return errors;
}
