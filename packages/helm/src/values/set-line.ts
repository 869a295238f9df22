import { HelmError } from "../errors.ts";
import { limits } from "../limits.ts";
import { RuneReader } from "../text/rune-reader.ts";
import { quoteRune, sprintf, typeName } from "@fairway/gotemplate";
import { isTable, has, put } from "./table.ts";
import type { Table } from "./table.ts";
import type { SetValueReader } from "./set-value.ts";

/**
 * The grammar of `--set` and its relatives: `name=value,a.b[0].c={x,y}`. The relatives differ in their value reader, and
 * `--set-literal` knows neither escapes nor commas.
 */
export interface SetDialect {
  readonly escapes: boolean;
  readonly commas: boolean;
  readonly readValue: SetValueReader;
}

/** What a step of the parser says: there may be more pairs, or the text is at its end. */
type Progress = "more" | "end";

/** Parses a line and lays what it says over `target`. */
export function applySetLine(line: string, target: Table, dialect: SetDialect): void {
  const parser = new SetLineParser(line, dialect);
  while (parser.key(target, 0) === "more");
}

class SetLineParser {
  readonly #in: RuneReader;
  readonly #dialect: SetDialect;

  constructor(line: string, dialect: SetDialect) {
    this.#in = new RuneReader(line);
    this.#dialect = dialect;
  }

  key(data: Table, nesting: number): Progress {
    const { text: name, stop } = this.#in.until(this.#dialect.commas ? "=[,." : "=[.", this.#dialect.escapes);
    switch (stop) {
      case undefined:
        if (name === "") return "end";
        throw invalid(`key ${sprintf("%q", name)} has no value`);
      case "[":
        return this.#listAt(data, name, nesting);
      case "=": {
        const read = this.#dialect.readValue(this.#in);
        assign(data, name, read.value);
        return read.atEnd ? "end" : "more";
      }
      case ",":
        throw invalid(`key ${sprintf("%q", name)} has no value (cannot end with ,)`);
      default:
        return this.#tableAt(data, name, nesting + 1);
    }
  }

  #tableAt(data: Table, name: string, nesting: number): Progress {
    if (nesting > limits.setNestingMax) {
      throw invalid(
        `value name nested level is greater than maximum supported nested level of ${limits.setNestingMax}`,
      );
    }
    let inner: Table = {};
    if (has(data, name)) {
      const present = data[name];
      if (!isTable(present)) throw wrongType(present, "map[string]interface {}");
      inner = present;
    }
    const progress = this.key(inner, nesting);
    const empty = Object.keys(inner).length === 0;
    if (progress === "more" && empty) throw invalid(`key map ${sprintf("%q", name)} has no value`);
    if (!empty) assign(data, name, inner);
    return progress;
  }

  #listAt(data: Table, name: string, nesting: number): Progress {
    const index = this.#index();
    if (index === undefined) return "end";
    let list: unknown[] = [];
    if (has(data, name)) {
      const present = data[name];
      if (!Array.isArray(present)) throw wrongType(present, "[]interface {}");
      list = present;
    }
    const result = this.#item(list, index, nesting);
    assign(data, name, result.list);
    return result.progress;
  }

  /** The number before `]`; undefined when the line ends before it, which Helm takes for the end of all pairs. */
  #index(): number | undefined {
    const { text, stop } = this.#in.until("]", this.#dialect.escapes);
    if (stop === undefined) return undefined;
    if (!/^[+-]?\d+$/.test(text)) {
      throw invalid(`error parsing index: strconv.Atoi: parsing ${sprintf("%q", text)}: invalid syntax`);
    }
    return Number(text);
  }

  #item(list: unknown[], index: number, nesting: number): { list: unknown[]; progress: Progress } {
    if (index < 0) throw invalid(`negative ${index} index not allowed`);
    const { text, stop } = this.#in.until("[.=", this.#dialect.escapes);
    if (text !== "") throw invalid(`unexpected data at end of array index: ${quotedRunes(text)}`);
    switch (stop) {
      case undefined:
        return { list, progress: "end" };
      case "=": {
        const read = this.#dialect.readValue(this.#in);
        return { list: setIndex(list, index, read.value), progress: "more" };
      }
      case "[":
        return this.#nestedList(list, index, nesting);
      default:
        return this.#nestedTable(list, index, nesting);
    }
  }

  #nestedList(list: unknown[], index: number, nesting: number): { list: unknown[]; progress: Progress } {
    const nextIndex = this.#index();
    if (nextIndex === undefined) return { list, progress: "end" };
    const present = list[index] ?? null;
    if (present !== null && !Array.isArray(present)) throw wrongType(present, "[]interface {}");
    const inner = this.#item(present ?? [], nextIndex, nesting);
    if (inner.progress === "end") return { list, progress: "end" };
    return { list: setIndex(list, index, inner.list), progress: "more" };
  }

  #nestedTable(list: unknown[], index: number, nesting: number): { list: unknown[]; progress: Progress } {
    let inner: Table = {};
    if (list.length > index) {
      const present = list[index];
      if (isTable(present)) inner = present;
      else list[index] = inner;
    }
    if (this.key(inner, nesting) === "end") return { list, progress: "end" };
    return { list: setIndex(list, index, inner), progress: "more" };
  }
}

/** Go prints a list of characters here, each in quotes. */
function quotedRunes(text: string): string {
  return `[${[...text].map((rune) => quoteRune(rune.codePointAt(0) ?? 0)).join(" ")}]`;
}

function assign(data: Table, name: string, value: unknown): void {
  if (name !== "") put(data, name, value);
}

function setIndex(list: unknown[], index: number, value: unknown): unknown[] {
  if (index > limits.setIndexMax) {
    throw invalid(`index of ${index} is greater than maximum supported index of ${limits.setIndexMax}`);
  }
  const longer =
    list.length <= index ? [...list, ...Array.from({ length: index + 1 - list.length }, () => null)] : list;
  longer[index] = value;
  return longer;
}

function wrongType(value: unknown, wanted: string): HelmError {
  const found = value === null ? "nil" : typeName(value);
  return invalid(`unable to parse key: interface conversion: interface {} is ${found}, not ${wanted}`);
}

function invalid(message: string): HelmError {
  return new HelmError("values-invalid", message);
}
