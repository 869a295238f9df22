import { encodeDepthMax } from "../limits.ts";
import { YamlError } from "../yaml-error.ts";
import { isPlainObject } from "../compose/plain-object.ts";
import { numberText } from "./number-text.ts";
import { sortKeys } from "./natural-order.ts";
import { analyzeScalar } from "./scalar-analysis.ts";
import type { ScalarAnalysis } from "./scalar-analysis.ts";
import { looksLikeOther } from "./string-style.ts";
import { Writer, foldingWidth } from "./writer.ts";

export interface EncodeOptions {
  /**
   * Whose bytes to write. "sigs" (the default): sigs.k8s.io/yaml Marshal, which kubectl and Helm's toYaml use.
   * "go-yaml-v3": go.yaml.in/yaml/v3 with an indentation of two, as Helm's toYamlPretty; no folding.
   */
  flavour?: "sigs" | "go-yaml-v3";
  /** Only for v3: keep sequences in mappings at the column of their key, as kyaml does ("compact"). */
  sequences?: "wide" | "compact";
  /** Keep the order of the keys of objects instead of sorting them. */
  keyOrder?: "sorted" | "kept";
}

/** Writes a value as YAML. Takes null, booleans, strings, numbers, bigints, arrays and plain objects of those. */
export function encode(value: unknown, options: EncodeOptions = {}): string {
  const encoder = new Encoder(options);
  encoder.root(value);
  return encoder.text;
}

const indentStep = 2;
/** A longer key is written after a '?'. In bytes of UTF-8. */
const simpleKeyBytesMax = 128;

class Encoder {
  readonly #writer: Writer;
  readonly #v3: boolean;
  readonly #compact: boolean;
  readonly #sorted: boolean;
  #depth = 0;

  constructor(options: EncodeOptions) {
    this.#v3 = options.flavour === "go-yaml-v3";
    this.#compact = !this.#v3 || options.sequences === "compact";
    this.#sorted = options.keyOrder !== "kept";
    this.#writer = new Writer(this.#v3 ? Number.POSITIVE_INFINITY : foldingWidth);
  }

  get text(): string {
    return this.#writer.text;
  }

  root(value: unknown): void {
    if (!this.#collection(value, 0, 0)) {
      this.#scalar(value, indentStep);
    }
    this.#writer.indent(0);
  }

  /** Writes a collection that is not empty as a block; false for everything else. */
  #collection(value: unknown, mappingIndent: number, sequenceIndent: number): boolean {
    if (Array.isArray(value)) {
      if (value.length === 0) {
        return false;
      }
      this.#enter();
      this.#sequence(value, sequenceIndent);
      this.#depth--;
      return true;
    }
    if (!isPlainObject(value)) {
      return false;
    }
    const keys = Object.keys(value);
    if (keys.length === 0) {
      return false;
    }
    this.#enter();
    this.#mapping(value, this.#sorted ? sortKeys(keys, this.#v3 ? "v3" : "v2") : keys, mappingIndent);
    this.#depth--;
    return true;
  }

  #enter(): void {
    this.#depth++;
    if (this.#depth > encodeDepthMax) {
      throw unsupported(`the value is nested deeper than ${encodeDepthMax} levels, or contains itself`);
    }
  }

  #sequence(items: unknown[], indent: number): void {
    for (const item of items) {
      this.#writer.indent(indent);
      this.#writer.indicator("-", { space: true, indention: true });
      const inner = indent + indentStep;
      if (!this.#collection(item, inner, inner)) {
        this.#scalar(item, inner);
      }
    }
  }

  #mapping(value: Record<string, unknown>, keys: string[], indent: number): void {
    for (const key of keys) {
      this.#writer.indent(indent);
      const analysis = analyzeScalar(key, this.#v3);
      const isSimple = !analysis.multiline && (key.length <= 42 || Buffer.byteLength(key) <= simpleKeyBytesMax);
      if (isSimple) {
        this.#string(key, analysis, { indent: indent + indentStep, isKey: true });
        this.#writer.indicator(":", { space: false, indention: false });
      } else {
        this.#writer.indicator("?", { space: true, indention: true });
        this.#string(key, analysis, { indent: indent + indentStep, isKey: false });
        this.#writer.indent(indent);
        this.#writer.indicator(":", { space: true, indention: true });
      }
      const inner = indent + indentStep;
      const sequence = this.#compact && isSimple ? indent : inner;
      const each = value[key];
      if (!this.#collection(each, inner, sequence)) {
        this.#scalar(each, inner);
      }
    }
  }

  #scalar(value: unknown, indent: number): void {
    if (typeof value === "string") {
      this.#string(value, analyzeScalar(value, this.#v3), { indent, isKey: false });
      return;
    }
    this.#writer.plain(this.#notString(value), indent, false);
  }

  #notString(value: unknown): string {
    if (value === null || value === undefined) {
      return "null";
    }
    if (typeof value === "boolean") {
      return value ? "true" : "false";
    }
    if (typeof value === "number" || typeof value === "bigint") {
      const text = numberText(value, this.#v3);
      if (text === undefined) {
        throw unsupported(`${value} cannot be written: JSON has no such number`);
      }
      return text;
    }
    if (Array.isArray(value)) {
      return "[]";
    }
    if (isPlainObject(value)) {
      return "{}";
    }
    throw unsupported(`a ${typeof value} cannot be written as YAML`);
  }

  #string(text: string, analysis: ScalarAnalysis, place: { indent: number; isKey: boolean }): void {
    const { indent, isKey } = place;
    const writer = this.#writer;
    if (text.includes("\n")) {
      if (analysis.block && !isKey) {
        writer.literal(text, indent, indentStep);
      } else {
        writer.doubleQuoted(text, indent, !isKey);
      }
      return;
    }
    if (looksLikeOther(text)) {
      writer.doubleQuoted(text, indent, !isKey);
    } else if (analysis.plainInBlock && !(text === "" && isKey)) {
      writer.plain(text, indent, !isKey);
    } else if (analysis.single) {
      writer.singleQuoted(text, indent, !isKey);
    } else {
      writer.doubleQuoted(text, indent, !isKey);
    }
  }
}

function unsupported(message: string): YamlError {
  const position = { line: 0, column: 0, offset: 0 };
  return new YamlError({ code: "unsupported-value", message, goMessage: `yaml: ${message}`, position, excerpt: "" });
}
