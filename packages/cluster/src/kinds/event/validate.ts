import type { FieldError } from "../../object/field-error.ts";
import type { ObjectMeta } from "../../object/kube-object.ts";
import type { Event } from "../../schema/data/types/core-v1.ts";
import type { Event as NewEvent } from "../../schema/data/types/events-v1.ts";
import { eachInvalid, invalid, required } from "../validation/errors.ts";
import { immutable, immutableStruct } from "../validation/immutable.ts";
import { byteLength, dnsSubdomain, qualifiedName } from "../validation/names.ts";

const INSTANCE_MAX = 128;
const ACTION_MAX = 128;
const REASON_MAX = 128;
const NOTE_MAX = 1024;

/** What both versions say, by the names of the older. */
interface Said {
  readonly metadata: ObjectMeta;
  readonly about: string;
  readonly time: string | null;
  readonly controllerField: string;
  readonly controller: string;
  readonly instance: string;
  readonly action: string;
  readonly reason: string;
  readonly message: string;
}

export function validateEvent(event: Event): FieldError[] {
  return validateSaid({
    metadata: event.metadata,
    about: event.involvedObject.namespace ?? "",
    time: event.eventTime,
    controllerField: "reportingComponent",
    controller: event.reportingComponent,
    instance: event.reportingInstance,
    action: event.action ?? "",
    reason: event.reason ?? "",
    message: event.message ?? "",
  });
}

export function validateNewEvent(event: NewEvent): FieldError[] {
  const errors = validateNewSaid(event);
  errors.push(...validateSeries(event));
  if (event.eventTime === null) errors.push(required("eventTime"));
  const { type = "" } = event;
  if (type !== "Normal" && type !== "Warning") errors.push(invalid("type", "", `has invalid value: ${type}`));
  const unset = (isSet: boolean, field: string): FieldError[] =>
    isSet ? [invalid(field, "", "needs to be unset")] : [];
  const { component, host } = event.deprecatedSource;
  return [
    ...errors,
    ...unset(event.deprecatedFirstTimestamp !== null, "firstTimestamp"),
    ...unset(event.deprecatedLastTimestamp !== null, "lastTimestamp"),
    ...unset((event.deprecatedCount ?? 0) !== 0, "count"),
    ...unset(Boolean(component) || Boolean(host), "source"),
  ];
}

/** What can't be changed, and how the older version names it; Kubernetes looks at the reason twice. */
const fixed = [
  ["regarding", "involvedObject"],
  ["reason", "reason"],
  ["note", "message"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
  ["reason", "reason"],
  ["type", "type"],
  ["eventTime", "eventTime"],
  ["action", "action"],
  ["related", "related"],
  ["reportingController", "reportingController"],
  ["reportingInstance", "reportingInstance"],
] as const satisfies readonly (readonly [keyof NewEvent, string])[];

/** What stands there when nothing was said. */
const zeros: Readonly<Record<string, unknown>> = {
  reason: "",
  note: "",
  deprecatedCount: 0,
  type: "",
  action: "",
  reportingController: "",
  reportingInstance: "",
};

const structs: Readonly<Record<string, string>> = {
  regarding: "ObjectReference",
  deprecatedSource: "EventSource",
  related: "ObjectReference",
};

function structOf(value: unknown): object | undefined {
  return typeof value === "object" && value !== null ? value : undefined;
}

export function validateNewEventUpdate(next: NewEvent, current: NewEvent): FieldError[] {
  const errors = validateNewSaid(next);
  if (JSON.stringify(next.series) !== JSON.stringify(current.series)) errors.push(...validateSeries(next));
  for (const [field, name] of fixed) {
    const type = structs[field];
    const [now, before] = [next[field], current[field]];
    if (type === undefined) errors.push(...immutable(now ?? zeros[field], before ?? zeros[field], name));
    else errors.push(...immutableStruct(type, structOf(now), structOf(before), name));
  }
  return errors;
}

function validateNewSaid(event: NewEvent): FieldError[] {
  return validateSaid({
    metadata: event.metadata,
    about: event.regarding.namespace ?? "",
    time: event.eventTime,
    controllerField: "reportingController",
    controller: event.reportingController ?? "",
    instance: event.reportingInstance ?? "",
    action: event.action ?? "",
    reason: event.reason ?? "",
    message: event.note ?? "",
  });
}

function validateSeries({ series }: NewEvent): FieldError[] {
  if (!series) return [];
  const errors = series.count < 2 ? [invalid("series.count", "", "should be at least 2")] : [];
  return series.lastObservedTime === null ? [...errors, required("series.lastObservedTime")] : errors;
}

function validateSaid(said: Said): FieldError[] {
  const namespace = said.metadata.namespace ?? "";
  const errors = said.time === null ? validateOldPlace(said, namespace) : validateNew(said, namespace);
  return [...errors, ...eachInvalid("namespace", namespace, dnsSubdomain(namespace))];
}

const MISMATCH = "does not match event.namespace";

function validateOldPlace({ about }: Said, namespace: string): FieldError[] {
  const isFitting = about === "" ? namespace === "" || namespace === "default" : about === namespace;
  return isFitting ? [] : [invalid("involvedObject.namespace", about, MISMATCH)];
}

function validateNew(said: Said, namespace: string): FieldError[] {
  const errors: FieldError[] = [];
  if (said.about === "" && namespace !== "default" && namespace !== "kube-system")
    errors.push(invalid("involvedObject.namespace", said.about, MISMATCH));
  if (said.controller === "") errors.push(required(said.controllerField));
  errors.push(...eachInvalid(said.controllerField, said.controller, qualifiedName(said.controller)));
  const limited = (text: string, field: string, most: number): FieldError[] =>
    byteLength(text) > most ? [invalid(field, "", `can have at most ${most} characters`)] : [];
  for (const [field, text, most] of [
    ["reportingInstance", said.instance, INSTANCE_MAX],
    ["action", said.action, ACTION_MAX],
    ["reason", said.reason, REASON_MAX],
  ] as const) {
    if (text === "") errors.push(required(field));
    errors.push(...limited(text, field, most));
  }
  return [...errors, ...limited(said.message, "message", NOTE_MAX)];
}
