// Writes TOML as github.com/BurntSushi/toml does: values of a table first, then the tables in it, keys in order.
import {
  GoFunction,
  GoNil,
  GoNumber,
  GoStruct,
  formatFloat,
  isGoMap,
  kindOf,
  mapKeys,
  typeName,
} from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { formatDuration } from "../dates/duration.ts";
import { marshaled } from "../json/json-tree.ts";
import { functionLimits } from "../limits.ts";
import { listItems } from "../list-items.ts";
import { quoteToml, tomlKey, tomlPath } from "./toml-text.ts";

/** The text; the thrown message is the encoder's. */
export function encodeToml(value: unknown): string {
  if (value === null || value === undefined) {
    throw new Error("reflect: call of reflect.Value.Type on zero Value");
  }
  const writer = new TomlWriter();
  writer.value([], value);
  return writer.text;
}

function isNil(value: unknown): boolean {
  return value === null || value === undefined || value instanceof GoNil;
}

function isTable(value: unknown): boolean {
  return isGoMap(value) || (value instanceof GoStruct && marshaled(value) === undefined);
}

function fieldsOf(value: unknown): Readonly<GoMap> {
  if (isGoMap(value)) return value;
  return value instanceof GoStruct ? value.fields : {};
}

/** Keys of maps in order, fields as they are declared. */
function namesOf(value: unknown): string[] {
  if (isGoMap(value)) return mapKeys(value);
  return Object.keys(fieldsOf(value)).filter((name) => /^\p{Lu}/u.test(name));
}

/** True for a list of nothing but tables. Nil within a list cannot be written. */
function isTableList(value: unknown): boolean {
  if (kindOf(value ?? null) !== "slice" || isNil(value)) return false;
  const items = listItems(value);
  if (items.some(isNil)) throw new Error("toml: cannot encode array with nil element");
  for (const item of items) checkType(item);
  return items.length > 0 && items.every(isTable);
}

function checkType(value: unknown): void {
  if (value instanceof GoFunction) throw new Error("unsupported type: func");
  isTableList(value);
}

function comesLast(value: unknown): boolean {
  if (isNil(value)) return false;
  if (value instanceof GoFunction) throw new Error("unsupported type: func");
  return isTable(value) || isTableList(value);
}

class TomlWriter {
  text = "";

  value(path: readonly string[], value: unknown): void {
    if (isNil(value)) return;
    if (path.length > functionLimits.nestingMax) throw new Error("toml: the value is nested too deeply");
    if (isTable(value)) this.#table(path, value);
    else if (isTableList(value)) this.#tableList(path, listItems(value));
    else this.#keyValue(path, value);
  }

  #newLine(): void {
    if (this.text !== "") this.text += "\n";
  }

  #indent(path: readonly string[]): string {
    return "  ".repeat(Math.max(path.length - 1, 0));
  }

  #table(path: readonly string[], value: unknown): void {
    if (path.length === 1) this.#newLine();
    if (path.length > 0) this.text += `${this.#indent(path)}[${tomlPath(path)}]\n`;
    this.#members(path, value);
  }

  #tableList(path: readonly string[], items: readonly unknown[]): void {
    if (path.length === 0) throw new Error("toml: top-level values must be Go maps or structs");
    for (const item of items) {
      this.#newLine();
      this.text += `${this.#indent(path)}[[${tomlPath(path)}]]\n`;
      this.#members(path, item);
    }
  }

  #members(path: readonly string[], value: unknown): void {
    const fields = fieldsOf(value);
    const names = namesOf(value);
    const last = names.filter((name) => comesLast(fields[name]));
    for (const name of [...names.filter((each) => !last.includes(each)), ...last]) {
      this.value([...path, name], fields[name]);
    }
  }

  #keyValue(path: readonly string[], value: unknown): void {
    const key = path.at(-1);
    if (value instanceof GoFunction) throw new Error(`unsupported type for key '${tomlPath(path)}': func`);
    if (key === undefined) {
      this.text += element(value);
      return;
    }
    this.text += `${this.#indent(path)}${tomlKey(key)} = ${element(value)}\n`;
  }
}

/** A value on one line. */
function element(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoteToml(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return floatText(value, 64);
    default:
      return objectElement(value);
  }
}

function objectElement(value: unknown): string {
  if (value instanceof GoNumber) return numberText(value);
  if (kindOf(value ?? null) === "slice") return `[${listItems(value).map(element).join(", ")}]`;
  if (value instanceof GoStruct) {
    const text = marshaled(value);
    if (text !== undefined) return value.type.name === "time.Time" ? text : quoteToml(text);
  }
  if (isTable(value)) return inlineTable(value);
  throw new Error(`unexpected type: ${typeName(value)}`);
}

function inlineTable(value: unknown): string {
  const fields = fieldsOf(value);
  const names = namesOf(value);
  const last = names.filter((name) => comesLast(fields[name]));
  const first = names.filter((name) => !last.includes(name));
  const ordered = [...first, ...last].filter((name) => !isNil(fields[name]));
  return `{${ordered.map((name) => `${tomlKey(name)} = ${element(fields[name])}`).join(", ")}}`;
}

function numberText({ kind, type, value }: GoNumber): string {
  if (type?.name === "time.Duration") return quoteToml(formatDuration(BigInt(value)));
  return typeof value === "bigint" ? String(value) : floatText(value, kind === "float32" ? 32 : 64);
}

function floatText(value: number, bits: 32 | 64): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = formatFloat(value, { verb: "g", precision: -1, bits });
  return /[.e]/u.test(text) ? text : `${text}.0`;
}
