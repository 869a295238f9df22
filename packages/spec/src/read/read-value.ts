import { keyText, type MappingNode, type YamlNode } from "@fairway/yaml";
import { nearestName } from "../nearest-name.ts";
import { fits, formats } from "../schema/formats.ts";
import { mended } from "../schema/mend.ts";
import type {
  ChoiceSchema,
  Field,
  Infer,
  IntegerSchema,
  ListSchema,
  MapSchema,
  RecordSchema,
  Schema,
  SchemaNode,
  TextSchema,
  VariantSchema,
} from "../schema/schema.ts";
import { defaultOf } from "../schema/default-value.ts";
import { found, unreadable, type Place, type Reading } from "./reading.ts";

/** Reads a node as its schema says, with defaults filled in. All that is wrong is reported, not the first thing alone. */
export function readValue<S extends Schema>(schema: S, place: Place, reading: Reading): Infer<S> | typeof unreadable {
  return readNode(schema, place, reading) as Infer<S> | typeof unreadable;
}

function readNode(schema: SchemaNode, place: Place, reading: Reading): unknown {
  switch (schema.kind) {
    case "text":
      return readText(schema, place, reading);
    case "integer":
      return readInteger(schema, place, reading);
    case "flag":
      return place.node.kind === "scalar" && typeof place.node.value === "boolean"
        ? place.node.value
        : mismatch(place, "true or false", reading);
    case "choice":
      return readChoice(schema, place, reading);
    case "count-or-percent":
      return readCountOrPercent(place, reading);
    case "list":
      return readList(schema, place, reading);
    case "map":
      return readMap(schema, place, reading);
    case "record":
      return readRecord(schema, place, reading);
    case "variant":
      return readVariant(schema, place, reading);
  }
}

function mismatch(place: Place, allowed: string, reading: Reading, suggestion?: string): typeof unreadable {
  const what = found(place.node);
  const message = `${place.path} must be ${allowed}; found ${what}`;
  const isMissing = place.node.kind === "scalar" && place.node.value === null;
  return reading.complain(place, {
    code: isMissing ? "missing-field" : "wrong-type",
    message,
    found: what,
    allowed,
    suggestion,
  });
}

function wrongValue(place: Place, allowed: string, reading: Reading, suggestion?: string): typeof unreadable {
  const what = found(place.node);
  const message = `${place.path} must be ${allowed}; found ${what}`;
  return reading.complain(place, { code: "wrong-value", message, found: what, allowed, suggestion });
}

function readText(schema: TextSchema, place: Place, reading: Reading): unknown {
  const { node } = place;
  const expected = formats[schema.format ?? "text"].expected;
  // `version: 18` and `cpu: 1` are written as numbers by everybody; where the text fits the format it is what was meant.
  const isNumberAsText =
    node.kind === "scalar" &&
    (typeof node.value === "number" || typeof node.value === "bigint") &&
    schema.format !== undefined;
  const text = node.kind === "scalar" && (typeof node.value === "string" || isNumberAsText) ? node.text : undefined;
  if (text === undefined) {
    const quoted = node.kind === "scalar" && node.value !== null ? JSON.stringify(node.text) : undefined;
    return mismatch(place, expected, reading, quoted);
  }
  const format = schema.format ?? "text";
  return fits(format, text) ? text : wrongValue(place, expected, reading, mended(format, text));
}

function readInteger({ minimum, maximum }: IntegerSchema, place: Place, reading: Reading): unknown {
  const { node } = place;
  const allowed = `a whole number from ${minimum} to ${maximum}`;
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value !== "number" && typeof value !== "bigint") {
    const unquoted = typeof value === "string" && /^\d+$/.test(value) ? value : undefined;
    return mismatch(place, allowed, reading, unquoted);
  }
  const number = Number(value);
  if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
  return wrongValue(place, allowed, reading);
}

function readChoice({ choices }: ChoiceSchema, place: Place, reading: Reading): unknown {
  const allowed = choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(", ")}`;
  const { node } = place;
  // YAML reads a bare `off` or `no` as a switch; as a choice it is the word.
  const text = node.kind === "scalar" && node.value !== null ? node.text : undefined;
  if (text === undefined) return mismatch(place, allowed, reading);
  return choices.includes(text) ? text : wrongValue(place, allowed, reading, nearestName(text, choices));
}

function readCountOrPercent(place: Place, reading: Reading): unknown {
  const { node } = place;
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  if (typeof value === "string" && /^(100|[0-9]{1,2})%$/.test(value)) return value;
  return wrongValue(place, "a number of pods such as 1, or a share such as 25%", reading);
}

function readList(schema: ListSchema, place: Place, reading: Reading): unknown {
  const { node, path } = place;
  if (node.kind !== "sequence") return mismatch(place, "a list", reading);
  const { minimumItems, maximumItems } = schema;
  if (node.items.length < minimumItems || node.items.length > maximumItems) {
    const allowed = node.items.length < minimumItems ? `at least ${minimumItems}` : `at most ${maximumItems}`;
    reading.complain(place, {
      code: "wrong-value",
      message: `${path} must have ${allowed} entries; found ${node.items.length}`,
    });
  }
  const values = node.items.slice(0, maximumItems).map((item, index) => {
    const at = { node: item, path: `${path}[${index}]` };
    const value = readNode(schema.item, at, reading);
    // A name that is none still shows how many there are, and which comes where.
    const isText = schema.item.kind === "text" && item.kind === "scalar";
    return { at, value: value === unreadable && isText ? item.text : value };
  });
  if (schema.uniqueBy !== undefined) reportRepeated(values, schema.uniqueBy, reading);
  return values.some(({ value }) => value === unreadable) ? unreadable : values.map(({ value }) => value);
}

function reportRepeated(values: readonly { at: Place; value: unknown }[], field: string, reading: Reading): void {
  const first = new Map<unknown, Place>();
  for (const { at, value } of values) {
    const key =
      field === "" ? value : typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
    if (key === undefined || key === unreadable) continue;
    const known = first.get(key);
    if (known) {
      const message = `${at.path} repeats ${JSON.stringify(key)}, which stands at line ${known.node.start.line} already`;
      reading.complain(at, { code: "duplicate", message });
    } else first.set(key, at);
  }
}

function readMap(schema: MapSchema, place: Place, reading: Reading): unknown {
  const { node, path } = place;
  if (node.kind !== "mapping") return mismatch(place, "a map of names and values", reading);
  const entries: [string, unknown][] = [];
  for (const { key, value } of node.entries) {
    const name = keyText(key) ?? "";
    const at = { node: value, path: `${path}.${name}` };
    if (!fits(schema.keyFormat, name)) {
      const { expected } = formats[schema.keyFormat];
      const message = `${JSON.stringify(name)} in ${path} must be ${expected}`;
      const suggestion = mended(schema.keyFormat, name);
      const complaint = { code: "wrong-value", message, allowed: expected, suggestion } as const;
      entries.push([name, reading.complain({ node: key, path: at.path }, complaint)]);
    } else entries.push([name, readNode(schema.value, at, reading)]);
  }
  return entries.some(([, value]) => value === unreadable) ? unreadable : Object.fromEntries(entries);
}

function readRecord(schema: RecordSchema, place: Place, reading: Reading): unknown {
  if (place.node.kind !== "mapping") return mismatch(place, `a map with ${fieldList(schema)}`, reading);
  return readFields(schema.fields, { ...place, node: place.node }, reading);
}

interface MappingPlace extends Place {
  readonly node: MappingNode;
}

function readFields(fields: Readonly<Record<string, Field>>, place: MappingPlace, reading: Reading): unknown {
  const given = new Map<string, YamlNode>();
  for (const { key, value } of place.node.entries) {
    const name = keyText(key) ?? "";
    if (Object.hasOwn(fields, name)) given.set(name, value);
    else reportUnknownField({ node: key, path: joined(place.path, name) }, name, Object.keys(fields), reading);
  }
  const result: Record<string, unknown> = {};
  let readable = true;
  for (const [name, field] of Object.entries(fields)) {
    const value = readField(field, { place, name, node: given.get(name) }, reading);
    if (value === unreadable) readable = false;
    else if (value !== undefined) result[name] = value;
  }
  return readable ? result : unreadable;
}

function readField(
  field: Field,
  { place, name, node }: { place: MappingPlace; name: string; node: YamlNode | undefined },
  reading: Reading,
): unknown {
  const path = joined(place.path, name);
  // `key:` with nothing behind it is a field left open, which is as good as absent.
  const isAbsent = node === undefined || (node.kind === "scalar" && node.value === null && node.text === "");
  if (!isAbsent || (node !== undefined && field.presence === "required")) {
    const value = readNode(field.schema, { node, path }, reading);
    return value === unreadable ? standIn(field) : value;
  }
  // `postgres:` alone looks as if it asked for a database with all defaults, and `http:` for a port; absent they are not.
  if (node !== undefined && field.presence === "optional" && field.schema.kind === "record") {
    const message = `${path} is empty: write ${name}: {} to have it with its defaults, or leave it out`;
    reading.complain({ node, path }, { code: "missing-field", message });
  }
  if (field.presence !== "required") return standIn(field);
  const message = `${path} is missing: ${field.schema.description}`;
  return reading.complain({ node: place.node, path }, { code: "missing-field", message });
}

/**
 * What is gone on with after a field could not be read: its error is reported, and the rest of the file can still be
 * checked. A description with such a field is never handed out.
 */
function standIn(field: Field): unknown {
  if (field.presence === "defaulted") return defaultOf(field);
  if (field.presence === "optional") return undefined;
  return field.schema.kind === "choice" ? field.schema.choices[0] : unreadable;
}

function readVariant(schema: VariantSchema, place: Place, reading: Reading): unknown {
  const { node, path } = place;
  const names = Object.keys(schema.variants);
  if (node.kind !== "mapping")
    return mismatch(place, `a map with ${schema.discriminator}: ${names.join(" | ")}`, reading);
  const entry = node.entries.find(({ key }) => keyText(key) === schema.discriminator);
  const chosen = entry
    ? readChoice(
        { kind: "choice", description: "", choices: names },
        { node: entry.value, path: joined(path, schema.discriminator) },
        reading,
      )
    : (schema.defaultVariant ?? unreadable);
  if (!entry && chosen === unreadable) {
    const message = `${joined(path, schema.discriminator)} is missing: one of ${names.join(", ")}`;
    return reading.complain(place, { code: "missing-field", message, allowed: names.join(", ") });
  }
  const fields = typeof chosen === "string" ? schema.variants[chosen]?.fields : undefined;
  if (!fields || typeof chosen !== "string") return unreadable;
  const rest = { ...node, entries: node.entries.filter((each) => each !== entry) };
  const value = readFields(fields, { node: rest, path }, reading);
  return typeof value === "object" && value !== null ? { [schema.discriminator]: chosen, ...value } : unreadable;
}

function reportUnknownField(place: Place, name: string, known: readonly string[], reading: Reading): void {
  const parent = place.path.slice(0, place.path.lastIndexOf("."));
  const where = parent === "" || parent === place.path ? "here" : `in ${parent}`;
  const message = `there is no field ${JSON.stringify(name)} ${where}`;
  const allowed = known.join(", ");
  reading.complain(place, {
    code: "unknown-field",
    message,
    found: name,
    allowed,
    suggestion: nearestName(name, known),
  });
}

function fieldList(schema: RecordSchema): string {
  return Object.keys(schema.fields).slice(0, 6).join(", ");
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
