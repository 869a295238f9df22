import type { YamlLimits } from "../limits.ts";
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
import { jsonKey } from "../resolve/key-text.ts";
import { isSurelyString, resolvePlain } from "../resolve/resolve.ts";
import type { Resolved, ScalarValue } from "../resolve/resolve.ts";
import { mergeTag, resolveTagged } from "../resolve/tag.ts";
import type { SourceText } from "../source-text.ts";
import { NodeBudget } from "./budget.ts";
import { Findings } from "./findings.ts";
import { goSyntax } from "./go-syntax.ts";
import { cloneValue, isPlainObject, setOwn } from "./plain-object.ts";
import type { PlainObject } from "./plain-object.ts";

interface Anchored {
  /** Undefined while the node is still being read: an alias to it then is a circle. */
  node: { value: unknown; key: string | undefined; size: number } | undefined;
}

export interface ComposeOptions {
  strict: boolean;
  bigints: boolean;
  limits: YamlLimits;
}

interface RefusedKey {
  offset: number;
  key: ScalarValue;
}

/** No string of a document: the merge key is told apart by identity. */
const mergeKey = Symbol("<<");

/** Reads documents straight into JavaScript values. */
export class ValueComposer {
  readonly #parser: EventParser;
  readonly #source: SourceText;
  readonly #options: ComposeOptions;
  readonly #budget: NodeBudget;
  readonly #findings: Findings;
  #anchors = new Map<string, Anchored>();
  #depth = 0;

  constructor(source: SourceText, options: ComposeOptions) {
    this.#parser = new EventParser(source);
    this.#source = source;
    this.#options = options;
    this.#budget = new NodeBudget(options.limits.nodesMax);
    this.#findings = new Findings(source);
  }

  /** Whether there is one more document; its content is read by `document`. */
  hasDocument(): boolean {
    return this.#parser.next() !== endOfStream;
  }

  get offset(): number {
    return this.#parser.start;
  }

  document(): unknown {
    this.#anchors = new Map();
    this.#budget.reset();
    const value = this.#node(this.#parser.next());
    this.#parser.next();
    this.#findings.throwFirst();
    return value;
  }

  #node(event: number): unknown {
    const parser = this.#parser;
    if (event === aliasEvent) {
      return this.#alias().value;
    }
    this.#budget.nodes++;
    if (parser.anchor !== "") {
      return this.#anchoredNode(event);
    }
    if (event === scalarEvent) {
      return this.#scalar();
    }
    return event === mappingStart ? this.#mapping() : this.#sequence();
  }

  #anchoredNode(event: number): unknown {
    const parser = this.#parser;
    const anchored: Anchored = { node: undefined };
    this.#anchors.set(parser.anchor, anchored);
    const before = this.#budget.nodes - 1;
    let value: unknown;
    let key: string | undefined;
    if (event === scalarEvent) {
      const resolved = this.#resolved();
      key = resolved === undefined ? undefined : jsonKey(resolved);
      value = resolved === undefined ? null : this.#toValue(resolved);
    } else {
      value = event === mappingStart ? this.#mapping() : this.#sequence();
    }
    anchored.node = { value, key, size: this.#budget.nodes - before };
    return value;
  }

  #alias(): { value: unknown; key: string | undefined } {
    const { value: name, start } = this.#parser;
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      throw this.#source.error({
        code: "unknown-anchor",
        offset: start,
        message: `alias "*${name}" has no anchor "&${name}" before it in this document`,
        goMessage: `yaml: unknown anchor '${name}' referenced`,
      });
    }
    if (anchored.node === undefined) {
      this.#findings.fatal({
        code: "recursive-anchor",
        offset: start,
        message: `alias "*${name}" stands inside the node that it means`,
        goMessage: `yaml: anchor '${name}' value contains itself`,
      });
      return { value: null, key: name };
    }
    if (!this.#budget.takeAlias(anchored.node.size)) {
      this.#findings.fatal({
        code: "alias-budget",
        offset: start,
        message: `most of the ${this.#budget.nodes} nodes up to here come from aliases; write them out or use fewer`,
        goMessage: "yaml: document contains excessive aliasing",
      });
      return { value: null, key: name };
    }
    this.#checkNodes();
    return { value: cloneValue(anchored.node.value), key: anchored.node.key };
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

  #scalar(): ScalarValue {
    const parser = this.#parser;
    if (parser.tag === "" && (!parser.implicit || isSurelyString(parser.value))) {
      return parser.value;
    }
    const resolved = this.#resolved();
    return resolved === undefined ? null : this.#toValue(resolved);
  }

  /** What the scalar of the parser means; undefined when that has been found wrong. */
  #resolved(): Resolved | undefined {
    const { tag, implicit, value, start } = this.#parser;
    if (tag === "") {
      return implicit ? resolvePlain(value) : { kind: "string", value };
    }
    const resolved = resolveTagged(tag, value);
    if (typeof resolved !== "string") {
      return resolved;
    }
    this.#findings.fatal({ code: "tag", offset: start, message: resolved, goMessage: `yaml: ${resolved}` });
    return undefined;
  }

  #toValue({ kind, value }: Resolved): ScalarValue {
    if (kind === "int") {
      return this.#options.bigints ? BigInt(value as number | bigint) : Number(value);
    }
    if (kind === "float" && !Number.isFinite(value)) {
      const name = Number.isNaN(value) ? "NaN" : Number(value) > 0 ? "+Inf" : "-Inf";
      this.#findings.json({
        code: "unsupported-number",
        offset: this.#parser.start,
        message: `${this.#parser.value} cannot be written as a JSON number`,
        goMessage: `json: unsupported value: ${name}`,
      });
    }
    return value;
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

  #sequence(): unknown[] {
    this.#enter();
    const items: unknown[] = [];
    let event = this.#parser.next();
    while (event !== sequenceEnd) {
      items.push(this.#node(event));
      event = this.#parser.next();
    }
    this.#depth--;
    return items;
  }

  #mapping(): PlainObject {
    this.#enter();
    const parser = this.#parser;
    const target: PlainObject = {};
    let event = parser.next();
    while (event !== mappingEnd) {
      const offset = parser.start;
      const key = this.#key(event);
      event = parser.next();
      if (typeof key === "string") {
        const line = parser.line;
        const value = this.#node(event);
        if (this.#options.strict && Object.hasOwn(target, key)) {
          this.#findings.duplicate(offset, line, key);
        } else {
          setOwn(target, key, value);
        }
      } else if (key === mergeKey) {
        this.#merge(event, target);
      } else {
        const value = this.#node(event);
        if (key !== undefined) {
          this.#refuse(key, value);
        }
      }
      event = parser.next();
    }
    this.#depth--;
    return target;
  }

  /** The key of an entry; undefined when it has been found wrong already. */
  #key(event: number): string | typeof mergeKey | RefusedKey | undefined {
    const parser = this.#parser;
    if (event === scalarEvent) {
      const { tag, value, implicit } = parser;
      if (value === "<<" && (implicit || tag === mergeTag)) {
        this.#budget.nodes++;
        return mergeKey;
      }
      if (parser.anchor === "" && tag === "" && (!implicit || isSurelyString(value))) {
        this.#budget.nodes++;
        return value;
      }
    }
    return this.#rareKey(event);
  }

  #rareKey(event: number): string | RefusedKey | undefined {
    const parser = this.#parser;
    const offset = parser.start;
    if (event === aliasEvent) {
      const { value, key } = this.#alias();
      if (typeof value === "object" && value !== null) {
        return this.#refuseCollection(offset, value);
      }
      return key ?? { offset, key: value as ScalarValue };
    }
    if (event !== scalarEvent) {
      return this.#refuseCollection(offset, this.#node(event));
    }
    this.#budget.nodes++;
    const { anchor } = parser;
    const resolved = this.#resolved();
    if (resolved === undefined) {
      return undefined;
    }
    const key = jsonKey(resolved);
    if (anchor !== "") {
      this.#anchors.set(anchor, { node: { value: this.#toValue(resolved), key, size: 1 } });
    }
    return key ?? { offset, key: resolved.value };
  }

  /** Go refuses a collection as a key before it looks at the value. */
  #refuseCollection(offset: number, key: unknown): undefined {
    if (this.#findings.hasFatal) {
      return;
    }
    const kind = Array.isArray(key) ? "sequence" : "mapping";
    const message = `a ${kind} is no key here; keys must be strings, numbers or booleans`;
    const goMessage = `yaml: invalid map key: ${goSyntax(key)}`;
    this.#findings.fatal({ code: "unsupported-key", offset, message, goMessage });
  }

  /** A key that JSON cannot hold is decoded all the same; Go says so when it makes JSON, and shows the value. */
  #refuse({ offset, key }: RefusedKey, value: unknown): void {
    if (this.#findings.hasRefusedKey) {
      return;
    }
    const type = key === null ? "%!s(<nil>)" : "uint64";
    const message = `${String(key)} is no key that JSON can hold; put it in quotes`;
    const goMessage = `unsupported map key of type: ${type}, key: ${goSyntax(key)}, value: ${goSyntax(value)}`;
    this.#findings.json({ code: "unsupported-key", offset, message, goMessage });
  }

  /** Writes the merged entries at the place of the merge key: what comes later wins, as in go-yaml v2. */
  #merge(event: number, target: PlainObject): void {
    const { start, line } = this.#parser;
    const hadFatal = this.#findings.hasFatal;
    const value = this.#node(event);
    const sources = event === sequenceStart ? (value as unknown[]).toReversed() : [value];
    for (const source of sources) {
      if (!isPlainObject(source)) {
        const message = "the value of '<<' must be a mapping, or a sequence of mappings";
        const goMessage = "yaml: map merge requires map or sequence of maps as the value";
        if (!hadFatal) {
          // Go looks at the kind of a node before it decodes what is in it.
          this.#findings.fatalInstead({ code: "merge", offset: start, message, goMessage });
        }
        return;
      }
      for (const [key, each] of Object.entries(source)) {
        if (this.#options.strict && Object.hasOwn(target, key)) {
          this.#findings.duplicate(start, line, key);
        } else {
          setOwn(target, key, cloneValue(each));
        }
      }
    }
  }
}
