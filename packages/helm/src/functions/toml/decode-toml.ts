// Reads TOML as github.com/BurntSushi/toml does it into a map.
import { mapGet, mapHas, mapSet, mapType, sliceType, withType } from "@fairway/gotemplate";
import type { GoMap } from "@fairway/gotemplate";
import { functionLimits } from "../limits.ts";
import { TomlReader, quotedChar } from "./toml-reader.ts";
import { readTomlNumber, readTomlString } from "./toml-scalar.ts";
import { tomlPath } from "./toml-text.ts";

export function decodeToml(text: string): GoMap {
  return new TomlParser(text).parse();
}

const tablesType = sliceType(mapType("any").name);

class TomlParser {
  readonly #reader: TomlReader;
  readonly #root: GoMap = {};
  /** Tables that only exist because something in them was named; they may still be defined, once. */
  readonly #implicit = new Set<GoMap>();
  readonly #tableLists = new Set<unknown>();
  /** Inline tables, which nothing can be added to. */
  readonly #closed = new Set<GoMap>();
  #table = this.#root;
  #path: readonly string[] = [];

  constructor(text: string) {
    this.#reader = new TomlReader(text);
  }

  parse(): GoMap {
    const reader = this.#reader;
    for (;;) {
      reader.skipLines();
      if (reader.isAtEnd) return this.#root;
      if (reader.char === "[") this.#heading();
      else this.#pair(this.#table, this.#path, 0);
      this.#lineEnd();
      reader.lastKey = "";
    }
  }

  #lineEnd(): void {
    const reader = this.#reader;
    reader.lastKey = tomlPath(this.#path);
    reader.take(/[ \t]*(?:#[^\n]*)?/y);
    if (reader.isAtEnd || reader.take(/\r?\n/y) !== "") return;
    const found = quotedChar(reader.char);
    throw reader.error(`expected a top-level item to end with a newline, comment, or EOF, but got ${found} instead`);
  }

  #heading(): void {
    const reader = this.#reader;
    const isList = reader.startsWith("[[");
    reader.at += isList ? 2 : 1;
    const keys = this.#headingKeys();
    if (isList) {
      if (reader.char !== "]") {
        throw reader.error(
          `expected end of table array name delimiter ']', but got ${quotedChar(reader.char)} instead`,
        );
      }
      reader.at++;
    }
    const parent = this.#enter(this.#root, keys.slice(0, -1), []);
    this.#table = isList ? this.#appendTable(parent, keys) : this.#defineTable(parent, keys);
    this.#path = keys;
  }

  #headingKeys(): string[] {
    const reader = this.#reader;
    const keys: string[] = [];
    for (;;) {
      reader.skipSpace();
      const { char } = reader;
      if (char === "]" || char === "") throw reader.error("unexpected end of table name (table names cannot be empty)");
      if (char === ".") throw reader.error("unexpected table separator (table names cannot be empty)");
      keys.push(this.#key());
      reader.skipSpace();
      const separator = reader.char;
      if (separator !== "." && separator !== "]") {
        const found = separator === "" ? "'\\x00'" : quotedChar(separator);
        throw reader.errorBehind(`expected '.' or ']' to end table name, but got ${found} instead`);
      }
      reader.at++;
      if (separator === "]") return keys;
    }
  }

  #key(): string {
    const reader = this.#reader;
    if (reader.char === '"' || reader.char === "'") return readTomlString(reader);
    return reader.take(/[A-Za-z0-9_-]*/y);
  }

  /** Goes down, making the tables on the way that are not there. */
  #enter(start: GoMap, keys: readonly string[], above: readonly string[]): GoMap {
    let table = start;
    keys.forEach((key, index) => {
      const path = [...above, ...keys.slice(0, index + 1)];
      if (!mapHas(table, key)) {
        const made: GoMap = {};
        this.#implicit.add(made);
        mapSet(table, key, made);
        table = made;
        return;
      }
      const found = mapGet(table, key);
      const next = this.#tableLists.has(found) ? (found as GoMap[]).at(-1) : found;
      if (!isTable(next)) throw this.#reader.error(`Key '${tomlPath(path)}' was already created as a hash.`);
      if (this.#closed.has(next)) throw this.#reader.error(`Key '${tomlPath(path)}' has already been defined.`);
      table = next;
    });
    return table;
  }

  #defineTable(parent: GoMap, keys: readonly string[]): GoMap {
    const key = keys.at(-1) ?? "";
    const found = mapGet(parent, key);
    if (isTable(found) && this.#implicit.delete(found)) return found;
    if (mapHas(parent, key)) {
      this.#reader.lastKey = tomlPath(keys.slice(0, -1));
      throw this.#reader.error(`Key '${tomlPath(keys)}' has already been defined.`);
    }
    const table: GoMap = {};
    mapSet(parent, key, table);
    return table;
  }

  #appendTable(parent: GoMap, keys: readonly string[]): GoMap {
    const key = keys.at(-1) ?? "";
    if (!mapHas(parent, key)) {
      const list = withType(tablesType, []);
      this.#tableLists.add(list);
      mapSet(parent, key, list);
    }
    const list = mapGet(parent, key);
    if (!this.#tableLists.has(list)) {
      this.#reader.lastKey = tomlPath(keys.slice(0, -1));
      throw this.#reader.error(`Key '${tomlPath(keys)}' was already created and cannot be used as an array.`);
    }
    const table: GoMap = {};
    (list as GoMap[]).push(table);
    return table;
  }

  /** key = value */
  #pair(into: GoMap, path: readonly string[], depth: number): void {
    const reader = this.#reader;
    reader.lastKey = tomlPath(path);
    const keys = this.#dottedKey();
    const parents = keys.slice(0, -1);
    const key = keys.at(-1) ?? "";
    const full = [...path, ...keys];
    reader.lastKey = tomlPath(full);
    reader.skipSpace();
    const table = this.#enter(into, parents, path);
    const value = this.#value(full, depth);
    const present = mapGet(table, key);
    // As upstream: a value for a table that dotted keys have made is dropped, the first time.
    if (isTable(present) && this.#implicit.delete(present)) return;
    if (mapHas(table, key)) throw reader.error(`Key '${tomlPath(full)}' has already been defined.`);
    mapSet(table, key, value);
  }

  #dottedKey(): string[] {
    const reader = this.#reader;
    const keys: string[] = [];
    if (reader.char === "=") throw reader.error("unexpected '=': key name appears blank");
    if (reader.char === ".") throw reader.error("unexpected '.': keys cannot start with a '.'");
    for (;;) {
      keys.push(this.#key());
      reader.skipSpace();
      const { char } = reader;
      if (char === "") throw reader.error("unexpected EOF; expected key separator '='");
      if (char !== "." && char !== "=") throw reader.error(`expected '.' or '=', but got ${quotedChar(char)} instead`);
      reader.at++;
      if (char === "=") return keys;
      reader.skipSpace();
      if (reader.char === "=" || reader.char === "") throw reader.error("unexpected '='");
      if (reader.char === ".") throw reader.error("unexpected '.'");
    }
  }

  #value(path: readonly string[], depth: number): unknown {
    if (depth > functionLimits.nestingMax) throw this.#reader.error("nested too deeply");
    const reader = this.#reader;
    const { char } = reader;
    if (char === '"' || char === "'") return readTomlString(reader);
    if (char === "[") return this.#list(path, depth);
    if (char === "{") return this.#inlineTable(path, depth);
    if (/^[0-9+-]/u.test(char) || /^(?:inf|nan)/u.test(reader.text.slice(reader.at, reader.at + 3))) {
      return readTomlNumber(reader);
    }
    if (char === ".") throw reader.error("floats must start with a digit, not '.'");
    if (char === "") throw reader.error("unexpected EOF; expected value");
    const word = reader.take(/\p{L}+/uy);
    if (word === "true" || word === "false") return word === "true";
    const found = word === "" ? quotedChar(char) : JSON.stringify(word);
    throw reader.error(`expected value but found ${found} instead`);
  }

  #list(path: readonly string[], depth: number): unknown[] {
    const reader = this.#reader;
    const items: unknown[] = [];
    reader.at++;
    for (;;) {
      reader.skipLines();
      if (reader.char === ",") throw reader.error("unexpected comma");
      if (reader.char !== "]") {
        items.push(this.#value(path, depth + 1));
        reader.skipLines();
        if (reader.char === ",") {
          reader.at++;
          continue;
        }
      }
      if (reader.char !== "]") {
        const found = reader.isAtEnd ? "end of file" : quotedChar(reader.char);
        throw reader.error(`expected a comma (',') or array terminator (']'), but got ${found}`);
      }
      reader.at++;
      return items;
    }
  }

  #inlineTable(path: readonly string[], depth: number): GoMap {
    const reader = this.#reader;
    const table: GoMap = {};
    reader.at++;
    for (;;) {
      reader.skipLines();
      if (reader.char === ",") throw reader.error("unexpected comma");
      if (reader.char !== "}") {
        this.#pair(table, path, depth + 1);
        reader.skipLines();
        if (reader.char === ",") {
          reader.at++;
          continue;
        }
      }
      if (reader.char !== "}") {
        const found = reader.isAtEnd ? "end of file" : quotedChar(reader.char);
        throw reader.error(`expected a comma or an inline table terminator '}', but got ${found} instead`);
      }
      reader.at++;
      this.#closed.add(table);
      return table;
    }
  }
}

function isTable(value: unknown): value is GoMap {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
