import { Scanner } from "../scan/scanner.ts";
import { describe } from "../scan/cursor.ts";
import type { Mark } from "../scan/cursor.ts";
import {
  aliasToken,
  anchorToken,
  blockEntry,
  blockMappingStart,
  blockSequenceStart,
  flowMappingStart,
  flowSequenceStart,
  keyToken,
  plainStyle,
  scalarToken,
  tagToken,
} from "../scan/token.ts";
import type { Token } from "../scan/token.ts";
import type { SourceText } from "../source-text.ts";
import type { YamlError } from "../yaml-error.ts";
import { aliasEvent, mappingStart, scalarEvent, sequenceStart } from "./event-kinds.ts";
import {
  afterStream,
  blockMappingFirst,
  blockSequenceFirst,
  flowMappingFirst,
  flowSequenceFirst,
  implicitDocumentStart,
  indentlessSequence,
} from "./states.ts";
import { TagHandles } from "./tag-handles.ts";

/** The part of the parser that reads one node: its properties, and the scalar or the start of the collection. */
export class NodeParser {
  readonly source: SourceText;
  protected readonly scanner: Scanner;
  protected readonly states: number[] = [];
  /** Start offset and line of each open collection, for errors. */
  protected readonly opened: number[] = [];
  protected readonly handles = new TagHandles();
  protected state = implicitDocumentStart;

  anchor = "";
  /** In its long form; empty when there is none. */
  tag = "";
  value = "";
  style = 0;
  /** A scalar that may be resolved: plain without a tag, or with the tag '!'. */
  implicit = false;
  start = 0;
  end = 0;
  /** 0-based. */
  line = 0;

  constructor(source: SourceText, from: number = source.start) {
    this.source = source;
    this.scanner = new Scanner(source, from);
  }

  /** The kind of the next token, with the marks that come before it. */
  protected peekKind(): number {
    const token = this.scanner.peek();
    if (token.marks === 0) {
      return token.kind;
    }
    return token.marks === 1 ? keyToken : blockMappingStart;
  }

  protected pop(): void {
    this.state = this.states.pop() ?? afterStream;
  }

  protected open(): void {
    const token = this.scanner.peek();
    this.opened.push(token.start, token.line);
    this.scanner.skip();
  }

  protected close(event: number): number {
    const token = this.scanner.peek();
    this.pop();
    this.opened.length -= 2;
    this.start = token.start;
    this.end = token.end;
    this.scanner.skip();
    return event;
  }

  protected emptyScalar(offset: number): number {
    this.anchor = "";
    this.tag = "";
    this.value = "";
    this.style = plainStyle;
    this.implicit = true;
    this.start = offset;
    this.end = offset;
    this.line = this.scanner.peek().line;
    return scalarEvent;
  }

  protected node(block: boolean, indentless: boolean): number {
    let kind = this.peekKind();
    let token = this.scanner.peek();
    this.anchor = "";
    this.tag = "";
    this.start = token.start;
    this.end = token.start;
    this.line = token.line;
    if (kind === aliasToken) {
      this.pop();
      this.value = token.value;
      this.end = token.end;
      this.scanner.skip();
      return aliasEvent;
    }
    if (kind === anchorToken || kind === tagToken) {
      this.#properties(kind);
      kind = this.peekKind();
      token = this.scanner.peek();
    }
    if (kind === scalarToken) {
      return this.#scalar(token);
    }
    const event = this.#collection(kind, block, indentless);
    if (event >= 0) {
      return event;
    }
    if (this.anchor !== "" || this.tag !== "") {
      this.pop();
      this.value = "";
      this.style = plainStyle;
      this.implicit = this.tag === "";
      return scalarEvent;
    }
    const context = { offset: this.start, line: this.line };
    throw this.error("did not find expected node content", { offset: token.start, line: token.line }, context);
  }

  #properties(kind: number): void {
    const start = { offset: this.start, line: this.line };
    let tagAt: Mark | undefined;
    let handle = "";
    let suffix = "";
    let nextKind = kind;
    for (let count = 0; count < 2; count++) {
      const token = this.scanner.peek();
      if (nextKind === anchorToken && this.anchor === "") {
        this.anchor = token.value;
      } else if (nextKind === tagToken && tagAt === undefined) {
        tagAt = { offset: token.start, line: token.line };
        handle = token.value;
        suffix = token.suffix;
      } else {
        break;
      }
      this.end = token.end;
      this.scanner.skip();
      nextKind = this.peekKind();
    }
    if (tagAt === undefined) {
      return;
    }
    this.tag = handle === "" ? suffix : (this.handles.expand(handle, suffix) ?? "");
    if (this.tag === "") {
      throw this.error("found undefined tag handle", tagAt, start);
    }
  }

  #scalar(token: Token): number {
    this.pop();
    this.value = token.value;
    this.style = token.style;
    this.implicit = this.tag === "" ? token.style === plainStyle : this.tag === "!";
    this.end = token.end;
    this.scanner.skip();
    return scalarEvent;
  }

  #collection(kind: number, block: boolean, indentless: boolean): number {
    if (kind === blockMappingStart && block) {
      this.state = blockMappingFirst;
      return mappingStart;
    }
    if (kind === blockEntry && indentless) {
      this.state = indentlessSequence;
      return sequenceStart;
    }
    if (kind === blockSequenceStart && block) {
      this.state = blockSequenceFirst;
      return sequenceStart;
    }
    if (kind === flowSequenceStart) {
      this.state = flowSequenceFirst;
      return sequenceStart;
    }
    if (kind === flowMappingStart) {
      this.state = flowMappingFirst;
      return mappingStart;
    }
    return -1;
  }

  protected errorInCollection(problem: string): YamlError {
    const token = this.scanner.peek();
    const context = { offset: this.opened.at(-2) ?? 0, line: this.opened.at(-1) ?? 0 };
    return this.error(problem, { offset: token.start, line: token.line }, context);
  }

  /** Go prints the 0-based line of parser errors as it is, and leaves the first line out. */
  protected error(problem: string, at: Mark, context?: Mark): YamlError {
    const line = at.line === 0 ? (context?.line ?? 0) : at.line;
    const found = describe(this.source.text, at.offset, this.source.length);
    const begun = context === undefined ? "" : ` (in what starts on line ${this.source.position(context.offset).line})`;
    return this.source.error({
      code: "syntax",
      offset: at.offset,
      message: `${problem}, found ${found}${begun}`,
      goMessage: line === 0 ? `yaml: ${problem}` : `yaml: line ${line}: ${problem}`,
    });
  }
}
