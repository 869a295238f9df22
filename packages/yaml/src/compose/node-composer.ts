import type { YamlLimits } from "../limits.ts";
import { keyText } from "../node.ts";
import type { MappingNode, ScalarNode, ScalarStyle, SequenceNode, YamlNode } from "../node.ts";
import {
  aliasEvent,
  endOfStream,
  mappingEnd,
  mappingStart,
  scalarEvent,
  sequenceEnd,
  sequenceStart,
} from "../parse/event-kinds.ts";
import { EventParser } from "../parse/event-parser.ts";
import { resolvePlain } from "../resolve/resolve.ts";
import { mergeTag, resolveTagged } from "../resolve/tag.ts";
import type { ProblemDetails, SourceText } from "../source-text.ts";
import type { Position } from "../yaml-error.ts";
import { NodeBudget } from "./budget.ts";
import { EntryList } from "./entry-list.ts";

const styles: ScalarStyle[] = ["plain", "single", "double", "literal", "folded"];

interface Anchored {
  node: YamlNode | undefined;
  size: number;
}

export interface NodeComposeOptions {
  bigints: boolean;
  limits: YamlLimits;
  /** Offset of the line where to begin. */
  from: number;
  report: (details: ProblemDetails) => void;
}

/** Reads documents into nodes that know their place, and reports what is wrong instead of throwing where it can. */
export class NodeComposer {
  readonly #parser: EventParser;
  readonly #source: SourceText;
  readonly #options: NodeComposeOptions;
  readonly #budget: NodeBudget;
  #anchors = new Map<string, Anchored>();
  #depth = 0;

  constructor(source: SourceText, options: NodeComposeOptions) {
    this.#parser = new EventParser(source, options.from);
    this.#source = source;
    this.#options = options;
    this.#budget = new NodeBudget(options.limits.nodesMax);
  }

  hasDocument(): boolean {
    return this.#parser.next() !== endOfStream;
  }

  document(): YamlNode {
    this.#anchors = new Map();
    this.#budget.reset();
    const node = this.#node(this.#parser.next());
    this.#parser.next();
    return node;
  }

  #place(offset: number): Position {
    return this.#source.position(Math.min(offset, this.#source.length));
  }

  #node(event: number): YamlNode {
    const parser = this.#parser;
    if (event === aliasEvent) {
      return this.#alias();
    }
    this.#budget.nodes++;
    const { anchor } = parser;
    const before = this.#budget.nodes - 1;
    const anchored: Anchored = { node: undefined, size: 0 };
    if (anchor !== "") {
      this.#anchors.set(anchor, anchored);
    }
    let node: YamlNode;
    if (event === scalarEvent) {
      node = this.#scalar();
    } else {
      node = event === mappingStart ? this.#mapping() : this.#sequence();
    }
    anchored.node = node;
    anchored.size = this.#budget.nodes - before;
    return node;
  }

  #nothing(): ScalarNode {
    const start = this.#place(this.#parser.start);
    const end = this.#place(this.#parser.end);
    return { kind: "scalar", value: null, text: "", style: "plain", start, end };
  }

  #alias(): YamlNode {
    const { value: name, start: offset } = this.#parser;
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      this.#options.report({
        code: "unknown-anchor",
        offset,
        message: `alias "*${name}" has no anchor "&${name}" before it in this document`,
        goMessage: `yaml: unknown anchor '${name}' referenced`,
      });
    } else if (anchored.node === undefined) {
      this.#options.report({
        code: "recursive-anchor",
        offset,
        message: `alias "*${name}" stands inside the node that it means`,
        goMessage: `yaml: anchor '${name}' value contains itself`,
      });
    } else if (this.#budget.takeAlias(anchored.size)) {
      this.#checkNodes();
      return anchored.node;
    } else {
      throw this.#source.error({
        code: "alias-budget",
        offset,
        message: `most of the ${this.#budget.nodes} nodes up to here come from aliases; write them out or use fewer`,
        goMessage: "yaml: document contains excessive aliasing",
      });
    }
    return this.#nothing();
  }

  #checkNodes(): void {
    if (this.#budget.tooMany) {
      throw this.#source.error({
        code: "too-many-nodes",
        offset: this.#parser.start,
        message: `the document has more than ${this.#options.limits.nodesMax} nodes`,
      });
    }
  }

  #scalar(): ScalarNode {
    const { tag, value: text, start: offset, end, style, implicit } = this.#parser;
    const node: ScalarNode = {
      kind: "scalar",
      value: text,
      text,
      style: styles[style] ?? "plain",
      start: this.#place(offset),
      end: this.#place(end),
    };
    if (tag !== "") {
      node.tag = tag;
    } else if (!implicit) {
      return node;
    }
    const resolved = tag === "" ? resolvePlain(text) : resolveTagged(tag, text);
    if (typeof resolved === "string") {
      this.#options.report({ code: "tag", offset, message: resolved, goMessage: `yaml: ${resolved}` });
      return node;
    }
    const { kind, value } = resolved;
    if (kind === "int") {
      node.value = this.#options.bigints ? BigInt(value as number | bigint) : Number(value);
    } else {
      node.value = value;
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
      const message = `${text} cannot be written as a JSON number`;
      this.#options.report({
        code: "unsupported-number",
        offset,
        message,
        goMessage: `json: unsupported value: ${name}`,
      });
    }
    return node;
  }

  #enter(): void {
    this.#depth++;
    this.#checkNodes();
    if (this.#depth > this.#options.limits.depthMax) {
      throw this.#source.error({
        code: "too-deep",
        offset: this.#parser.start,
        message: `collections are nested deeper than ${this.#options.limits.depthMax} levels`,
        goMessage: `yaml: exceeded max depth of ${this.#options.limits.depthMax}`,
      });
    }
  }

  /** Collections in blocks end where their last child ends, not where the next token begins. */
  #endOf(start: Position, last: YamlNode | undefined): Position {
    const { end, start: closing } = this.#parser;
    if (end > closing || last === undefined) {
      return this.#place(end);
    }
    return last.end.offset > start.offset ? last.end : start;
  }

  #sequence(): SequenceNode {
    this.#enter();
    const start = this.#place(this.#parser.start);
    const items: YamlNode[] = [];
    let event = this.#parser.next();
    while (event !== sequenceEnd) {
      items.push(this.#node(event));
      event = this.#parser.next();
    }
    this.#depth--;
    return { kind: "sequence", items, start, end: this.#endOf(start, items.at(-1)) };
  }

  #mapping(): MappingNode {
    this.#enter();
    const parser = this.#parser;
    const start = this.#place(parser.start);
    const list = new EntryList();
    let last: YamlNode | undefined;
    let event = parser.next();
    while (event !== mappingEnd) {
      const merges = event === scalarEvent && parser.value === "<<" && (parser.implicit || parser.tag === mergeTag);
      const offset = parser.start;
      const key = this.#node(event);
      event = parser.next();
      const value = this.#node(event);
      last = value;
      if (merges) {
        this.#merge(event === sequenceStart, value, { list, offset });
      } else {
        this.#add(list, key, value);
      }
      event = parser.next();
    }
    this.#depth--;
    return { kind: "mapping", entries: list.entries, start, end: this.#endOf(start, last) };
  }

  #add(list: EntryList, key: YamlNode, value: YamlNode): void {
    const name = keyText(key);
    const { offset } = key.start;
    if (name === undefined) {
      const isScalar = key.kind === "scalar";
      const found = isScalar ? `${key.text === "" ? "null" : key.text} is` : `a ${key.kind} is`;
      const message = `${found} no key that JSON can hold; keys must be strings, numbers or booleans`;
      const goMessage = isScalar ? "unsupported map key" : "yaml: invalid map key";
      this.#options.report({ code: "unsupported-key", offset, message, goMessage });
    }
    if (!list.set(key, value, false)) {
      const message = `key ${JSON.stringify(name)} is already set in this mapping; remove one of the two`;
      const goMessage = `yaml: unmarshal errors:\n  line ${value.start.line}: key ${JSON.stringify(name)} already set in map`;
      this.#options.report({ code: "duplicate-key", offset, message, goMessage });
    }
  }

  #merge(fromSequence: boolean, value: YamlNode, into: { list: EntryList; offset: number }): void {
    const sources = fromSequence && value.kind === "sequence" ? value.items.toReversed() : [value];
    for (const source of sources) {
      if (source.kind !== "mapping") {
        const message = "the value of '<<' must be a mapping, or a sequence of mappings";
        const goMessage = "yaml: map merge requires map or sequence of maps as the value";
        this.#options.report({ code: "merge", offset: into.offset, message, goMessage });
        return;
      }
      for (const entry of source.entries) {
        into.list.set(entry.key, entry.value, true);
      }
    }
  }
}
