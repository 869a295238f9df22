import { compareBytes } from "../object/go-text.ts";
import { isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { ManagedFieldsEntry } from "../object/kube-object.ts";
import { decodeFields, encodeFields } from "./fields-v1.ts";
import type { FieldSet } from "./field-set.ts";

/** Who owns which fields: `metadata.managedFields`, decoded. Keys are the managers' identities. */
export type Managers = Map<ManagerId, Manager>;

/** What makes a manager one: its name, operation and subresource, and for updates the version it wrote. A JSON text. */
export type ManagerId = string;

export interface Manager {
  readonly set: FieldSet;
  /** The version in which the fields are named. */
  readonly apiVersion: string;
  readonly applied: boolean;
  readonly time?: string;
}

export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
}

/** Appliers are one manager in all versions. */
export function managerId({ manager, operation, apiVersion, subresource }: ManagerIdentity): ManagerId {
  const identity: Record<string, string> = {};
  if (manager !== "") identity["manager"] = manager;
  identity["operation"] = operation;
  if (operation === "Update") identity["apiVersion"] = apiVersion;
  if (subresource !== "") identity["subresource"] = subresource;
  return JSON.stringify(identity);
}

export type DecodedManagers = { readonly managers: Managers } | { readonly problem: string };

export function decodeManagers(entries: unknown): DecodedManagers {
  const managers: Managers = new Map();
  if (entries === undefined || entries === null) return { managers };
  if (!Array.isArray(entries)) return { problem: "managedFields must be a list" };
  for (const [index, entry] of entries.entries()) {
    if (!isJsonObject(entry)) return { problem: "managedFields must be a list of entries" };
    const problem = entryProblem(entry, index);
    if (problem !== undefined) return { problem };
    try {
      managers.set(entryId(entry), readManager(entry));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { problem: `error decoding set: ${error.message}` };
    }
  }
  return { managers };
}

function entryProblem(entry: JsonObject, index: number): string | undefined {
  if (entry["operation"] !== "Apply" && entry["operation"] !== "Update") return "operation must be `Apply` or `Update`";
  if (text(entry["apiVersion"]) === "") return "apiVersion must not be empty";
  const fieldsType = text(entry["fieldsType"]);
  if (fieldsType === "") return `missing fieldsType in managed fields entry ${index}`;
  return fieldsType === "FieldsV1"
    ? undefined
    : `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`;
}

function entryId(entry: JsonObject): ManagerId {
  return managerId({
    manager: text(entry["manager"]),
    operation: entry["operation"] === "Apply" ? "Apply" : "Update",
    apiVersion: text(entry["apiVersion"]),
    subresource: text(entry["subresource"]),
  });
}

function readManager(entry: JsonObject): Manager {
  const time = text(entry["time"]);
  return {
    set: decodeFields(entry["fieldsV1"] ?? {}),
    apiVersion: text(entry["apiVersion"]),
    applied: entry["operation"] === "Apply",
    ...(time === "" ? {} : { time }),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Undefined when nobody owns anything. Appliers come first, then by time, name, version and subresource. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers].map(([id, manager]) => encodeManager(id, manager)).sort(compareEntries);
}

function encodeManager(id: ManagerId, manager: Manager): ManagedFieldsEntry {
  const identity = identityOf(id);
  return {
    ...(identity.manager === "" ? {} : { manager: identity.manager }),
    operation: manager.applied ? "Apply" : "Update",
    apiVersion: manager.apiVersion,
    ...(manager.time === undefined ? {} : { time: manager.time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(manager.set),
    ...(identity.subresource === "" ? {} : { subresource: identity.subresource }),
  };
}

function compareEntries(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  return (
    compareBytes(left.operation ?? "", right.operation ?? "") ||
    seconds(left.time) - seconds(right.time) ||
    compareBytes(left.manager ?? "", right.manager ?? "") ||
    compareBytes(left.apiVersion ?? "", right.apiVersion ?? "") ||
    compareBytes(left.subresource ?? "", right.subresource ?? "")
  );
}

export function seconds(time: string | undefined): number {
  const milliseconds = time === undefined ? 0 : Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}

export function identityOf(id: ManagerId): ManagerIdentity {
  const identity: unknown = JSON.parse(id);
  const fields: JsonObject = isJsonObject(identity) ? identity : {};
  return {
    manager: text(fields["manager"]),
    operation: fields["operation"] === "Apply" ? "Apply" : "Update",
    apiVersion: text(fields["apiVersion"]),
    subresource: text(fields["subresource"]),
  };
}
