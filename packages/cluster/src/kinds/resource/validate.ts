import type { FieldError } from "../../object/field-error.ts";
import type { ObjectMeta } from "../../object/kube-object.ts";
import type { NodeSelector } from "../../schema/data/types/core-v1.ts";
import type {
  Device,
  DeviceAttribute,
  DeviceClass,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  OpaqueDeviceConfiguration,
  ResourceClaim,
  ResourceClaimSpec,
  ResourceClaimTemplate,
  ResourcePool,
  ResourceSlice,
} from "../../schema/data/types/resource-v1.ts";
import { validateNodeTerm } from "../pod-spec/validate-scheduling.ts";
import {
  duplicate,
  eachInvalid,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "../validation/errors.ts";
import { compileDeviceExpression } from "./device-expression.ts";
import { immutable, immutableStruct } from "../validation/immutable.ts";
import { internalForm, internalForms } from "../validation/internal-form.ts";
import { sortedEntries, validateLabels } from "../validation/labels.ts";
import { validateAnnotations } from "../validation/metadata.ts";
import { byteLength, dnsLabel, dnsSubdomain, regexMessage } from "../validation/names.ts";

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
const poolBytesMax = 253;

export function validateClaim({ spec }: ResourceClaim): FieldError[] {
  return validateClaimSpec(spec, "spec");
}

export function validateClaimUpdate(next: ResourceClaim, current: ResourceClaim): FieldError[] {
  return immutableStruct("ResourceClaimSpec", next.spec, current.spec, "spec");
}

export function validateTemplate({ spec }: ResourceClaimTemplate): FieldError[] {
  return [
    ...validateTemplateMetadata(spec.metadata ?? {}, "spec.metadata"),
    ...validateClaimSpec(spec.spec, "spec.spec"),
  ];
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

const metadataFields = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

/** Whoever makes objects of a template gives them everything else. */
function validateTemplateMetadata({ annotations, labels, ...others }: ObjectMeta, field: string): FieldError[] {
  const set = metadataFields.filter((name) => Object.hasOwn(others, name));
  return [
    ...validateAnnotations(annotations, `${field}.annotations`),
    ...validateLabels(labels, `${field}.labels`),
    // The one field whose name is no word.
    ...set.map((name) => forbidden(`${field}.${name === "uid" ? "uID" : name}`, "cannot be set")),
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
      ...validateAttributeName(matchAttribute, `${at}.constraints[${index}].matchAttribute`),
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

function validateSelectors(selectors: readonly DeviceSelector[], field: string): FieldError[] {
  return [
    ...atMost(selectors, max.selectors, field),
    ...selectors.flatMap(({ cel }, index) => {
      if (cel === undefined) return [required(`${field}[${index}].cel`)];
      const place = `${field}[${index}].cel.expression`;
      if (byteLength(cel.expression) > expressionBytesMax) return [tooLong(place, expressionBytesMax)];
      const compiled = compileDeviceExpression(cel.expression);
      return compiled.kind === "broken" ? [invalid(place, cel.expression, compiled.problem)] : [];
    }),
  ];
}

function validateAttributeName(name: string | undefined, field: string): FieldError[] {
  if (name === undefined) return [required(field)];
  const errors = validateQualified(name, field);
  const detail = "a fully qualified name must be a domain and a name separated by a slash";
  return name.includes("/") ? errors : [...errors, invalid(field, name, detail)];
}

const IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*";
const identifierForm = /^[A-Za-z_][A-Za-z0-9_]*$/u;
const identifierBytesMax = 32;

function validateIdentifier(name: string, field: string): FieldError[] {
  const long = byteLength(name) > identifierBytesMax ? [tooLong(field, identifierBytesMax)] : [];
  if (identifierForm.test(name)) return long;
  const message =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return [...long, invalid(field, name, regexMessage(message, IDENTIFIER, "my_name", "MY_NAME", "MyName"))];
}

/** An identifier, perhaps with a domain before it; whoever writes more slashes is told nothing of it. */
function validateQualified(name: string, field: string): FieldError[] {
  const [first = "", second, ...rest] = name.split("/");
  if (rest.length > 0) return [];
  if (second === undefined) return validateIdentifier(first, field);
  return [
    ...(first === "" ? [invalid(field, "", "the domain must not be empty")] : validateDriver(first, field)),
    ...(second === "" ? [invalid(field, "", "the name must not be empty")] : validateIdentifier(second, field)),
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
  const isMap = typeof opaque.parameters === "object" && !Array.isArray(opaque.parameters);
  const parameters =
    opaque.parameters === null || opaque.parameters === undefined
      ? [required(`${field}.parameters`)]
      : isMap
        ? []
        : [invalid(`${field}.parameters`, "<value omitted>", "must be a valid JSON object")];
  return [...validateDriver(opaque.driver, `${field}.driver`), ...parameters];
}

function validateDriver(name: string, field: string): FieldError[] {
  if (name === "") return [required(field)];
  const long = byteLength(name) > driverBytesMax ? [tooLong(field, driverBytesMax)] : [];
  return [...long, ...eachInvalid(field, name, dnsSubdomain(name.toLowerCase()))];
}

export function validateSlice(slice: ResourceSlice, before?: ResourceSlice): FieldError[] {
  const { driver, pool, nodeName, nodeSelector, allNodes, devices = [] } = slice.spec;
  const errors = [...validateDriver(driver, "spec.driver"), ...validatePool(pool)];
  if (before)
    errors.push(
      ...immutable(pool.name, before.spec.pool.name, "spec.pool.name"),
      ...immutable(driver, before.spec.driver, "spec.driver"),
      ...immutable(nodeName, before.spec.nodeName, "spec.nodeName"),
    );
  if (nodeName === "") errors.push(invalid("spec.nodeName", "", "must be either unset or set to a non-empty string"));
  else if (nodeName !== undefined) errors.push(...eachInvalid("spec.nodeName", nodeName, dnsSubdomain(nodeName)));
  if (nodeSelector) errors.push(...validateNodes(nodeSelector, "spec.nodeSelector"));
  if (allNodes === false) errors.push(invalid("spec.allNodes", allNodes, "must be either unset or set to true"));
  const places = { nodeName, nodeSelector, allNodes };
  const set = Object.entries(places).flatMap(([name, value]) => (value ? [`\`${name}\``] : []));
  const choice = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  if (set.length === 0) errors.push(required("spec", choice));
  if (set.length > 1) errors.push(invalid("spec", `{${set.join(", ")}}`, `${choice}, but multiple fields are set`));
  return [...errors, ...validateDevices(devices)];
}

function validatePool({ name, resourceSliceCount: count, generation }: ResourcePool): FieldError[] {
  const errors: FieldError[] = [];
  const field = "spec.pool.name";
  if (name === "") errors.push(required(field));
  if (byteLength(name) > poolBytesMax) errors.push(tooLong(field, poolBytesMax));
  for (const part of name === "" ? [] : name.split("/")) errors.push(...eachInvalid(field, part, dnsSubdomain(part)));
  if (count <= 0) errors.push(invalid("spec.pool.resourceSliceCount", count, "must be greater than zero"));
  if (generation < 0) errors.push(invalid("spec.pool.generation", generation, "must be greater than or equal to zero"));
  return errors;
}

function validateNodes({ nodeSelectorTerms }: NodeSelector, field: string): FieldError[] {
  const place = `${field}.nodeSelectorTerms`;
  const terms = nodeSelectorTerms ?? [];
  const errors = terms.length === 0 ? [required(place, "must have at least one node selector term")] : [];
  for (const [index, term] of terms.entries()) errors.push(...validateNodeTerm(term, `${place}[${index}]`));
  if (terms.length === 1) return errors;
  const shown = internalForms("NodeSelectorTerm", nodeSelectorTerms);
  return [...errors, invalid(place, shown, "must have exactly one node selector term")];
}

function validateDevices(devices: readonly Device[]): FieldError[] {
  const errors = atMost(devices, max.devices, "spec.devices");
  const seen = new Set<string>();
  for (const [index, device] of devices.entries()) {
    const place = `spec.devices[${index}]`;
    errors.push(...validateDevice(device, place));
    if (seen.has(device.name)) errors.push(duplicate(place, device.name));
    seen.add(device.name);
  }
  return errors;
}

function validateDevice({ name, attributes = {}, capacity = {} }: Device, field: string): FieldError[] {
  const errors = eachInvalid(`${field}.name`, name, dnsLabel(name));
  for (const [key, attribute] of sortedEntries(attributes)) {
    const place = `${field}.attributes[${key}]`;
    errors.push(...validateQualified(key, place), ...validateAttribute(attribute, place));
  }
  for (const [key] of sortedEntries(capacity)) errors.push(...validateQualified(key, `${field}.capacity[${key}]`));
  return errors;
}

const attributeBytesMax = 64;
const versionForm =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/u;

function validateAttribute(attribute: DeviceAttribute, field: string): FieldError[] {
  const { string, version } = attribute;
  const errors: FieldError[] = [];
  if (string !== undefined && byteLength(string) > attributeBytesMax)
    errors.push(tooLong(`${field}.string`, attributeBytesMax));
  if (version !== undefined) {
    if (!versionForm.test(version))
      errors.push(invalid(`${field}.version`, version, "must be a string compatible with semver.org spec 2.0.0"));
    if (byteLength(version) > attributeBytesMax) errors.push(tooLong(`${field}.version`, attributeBytesMax));
  }
  const count = Object.keys(attribute).length;
  const shown = count === 0 ? "" : internalForm("DeviceAttribute", attribute);
  return count === 1 ? errors : [...errors, invalid(field, shown, "exactly one value must be specified")];
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
