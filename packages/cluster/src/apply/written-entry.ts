import type { JsonObject } from "../object/json-value.ts";
import type { ManagedFieldsEntry } from "../object/kube-object.ts";

/** The fields of an entry as text. */
const fieldsText = Symbol("fieldsText");

export interface Written {
  readonly manager: string;
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
  /** The JSON text of a tree. */
  readonly fields: string;
}

/**
 * An entry for an update whose fields are text already. Whoever looks at them sees the tree; mostly that is nobody, and the store takes the text:
 * a tree that only says how it will be written is the dearest part of a creation.
 */
export function writtenEntry({ manager, apiVersion, time, subresource, fields }: Written): ManagedFieldsEntry {
  const entry: TextEntry = {
    manager,
    operation: "Update",
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    [fieldsText]: fields,
  };
  Object.defineProperty(entry, "fieldsV1", shownAsTree);
  return subresource === "" ? entry : Object.assign(entry, { subresource });
}

type TextEntry = Omit<ManagedFieldsEntry, "fieldsV1"> & { readonly [fieldsText]: string };

/**
 * One for all entries. With `get` in the object itself V8 keeps a pair of functions per object among the old values, and with them all that they
 * know, until the next collection of the whole heap.
 */
const shownAsTree: PropertyDescriptor & ThisType<TextEntry> = {
  get() {
    return JSON.parse(this[fieldsText]) as JsonObject;
  },
  enumerable: true,
  configurable: true,
};

/** The entries as JSON text. */
export function managedFieldsText(entries: readonly ManagedFieldsEntry[]): string {
  let text = "";
  for (const entry of entries) text += `${text === "" ? "[" : ","}${entryText(entry)}`;
  return text === "" ? "[]" : `${text}]`;
}

function entryText(entry: ManagedFieldsEntry): string {
  if (!isWritten(entry)) return JSON.stringify(entry);
  const { manager, operation, apiVersion, time, fieldsType, subresource } = entry;
  const rest = JSON.stringify({ manager, operation, apiVersion, time, fieldsType, subresource });
  return `${rest.slice(0, -1)},"fieldsV1":${entry[fieldsText]}}`;
}

/** A copy has the tree itself, which may be another by now. */
function isWritten(entry: ManagedFieldsEntry): entry is ManagedFieldsEntry & { readonly [fieldsText]: string } {
  return fieldsText in entry && Object.getOwnPropertyDescriptor(entry, "fieldsV1")?.get !== undefined;
}
