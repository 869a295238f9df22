import {
  blockEnd,
  blockEntry,
  documentEnd,
  documentStart,
  flowEntry,
  flowMappingEnd,
  flowSequenceEnd,
  keyToken,
  streamEnd,
  tagDirective,
  valueToken,
  versionDirective,
} from "../scan/token.ts";
import { endOfDocument, endOfStream, mappingEnd, mappingStart, sequenceEnd, startOfDocument } from "./event-kinds.ts";
import { NodeParser } from "./node-parser.ts";
import * as states from "./states.ts";

/**
 * Turns tokens into events. `next` returns the kind; the fields hold what belongs to it. What is open is a stack of
 * states, not of calls.
 */
export class EventParser extends NodeParser {
  next(): number {
    switch (this.state) {
      case states.blockMappingKey:
        return this.#blockMappingKey();
      case states.blockMappingValue:
        return this.#blockMappingValue();
      case states.blockSequenceNext:
        return this.#blockSequenceEntry();
      case states.indentlessSequence:
        return this.#indentlessEntry();
      case states.blockMappingFirst:
        this.open();
        return this.#blockMappingKey();
      case states.blockSequenceFirst:
        this.open();
        return this.#blockSequenceEntry();
      case states.implicitDocumentStart:
        return this.#documentStart(true);
      case states.explicitDocumentStart:
        return this.#documentStart(false);
      case states.documentContent:
        return this.#documentContent();
      case states.documentClose:
        return this.#documentClose();
      case states.blockNode:
        return this.node(true, false);
      case states.afterStream:
        return endOfStream;
      default:
        return this.#nextInFlow();
    }
  }

  #nextInFlow(): number {
    switch (this.state) {
      case states.flowSequenceFirst:
        this.open();
        return this.#flowSequenceEntry(true);
      case states.flowSequenceNext:
        return this.#flowSequenceEntry(false);
      case states.flowMappingFirst:
        this.open();
        return this.#flowMappingKey(true);
      case states.flowMappingKey:
        return this.#flowMappingKey(false);
      case states.flowMappingValue:
        return this.#flowMappingValue();
      case states.flowMappingEmptyValue:
        this.state = states.flowMappingKey;
        return this.emptyScalar(this.scanner.peek().start);
      case states.flowPairKey:
        return this.#flowPairKey();
      case states.flowPairValue:
        return this.#flowPairValue();
      default:
        this.state = states.flowSequenceNext;
        this.start = this.scanner.peek().start;
        this.end = this.start;
        return mappingEnd;
    }
  }

  #documentStart(implicit: boolean): number {
    if (!implicit) {
      this.#skipDocumentEnds();
    }
    const kind = this.peekKind();
    this.start = this.scanner.peek().start;
    if (kind === streamEnd) {
      this.state = states.afterStream;
      return endOfStream;
    }
    const isExplicit = kind === versionDirective || kind === tagDirective || kind === documentStart;
    this.states.push(states.documentClose);
    this.handles.reset();
    if (implicit && !isExplicit) {
      this.state = states.blockNode;
      return startOfDocument;
    }
    this.#directives();
    if (this.peekKind() !== documentStart) {
      throw this.#errorHere("did not find expected <document start>");
    }
    this.state = states.documentContent;
    this.scanner.skip();
    return startOfDocument;
  }

  #skipDocumentEnds(): void {
    while (this.peekKind() === documentEnd) {
      this.scanner.skip();
    }
  }

  #directives(): void {
    let version = false;
    for (;;) {
      const kind = this.peekKind();
      const token = this.scanner.peek();
      if (kind === versionDirective) {
        if (version) {
          throw this.#errorHere("found duplicate %YAML directive");
        }
        if (token.value !== "1.1") {
          throw this.#errorHere("found incompatible YAML document");
        }
        version = true;
      } else if (kind !== tagDirective) {
        return;
      } else if (!this.handles.add(token.value, token.suffix)) {
        throw this.#errorHere("found duplicate %TAG directive");
      }
      this.scanner.skip();
    }
  }

  #errorHere(problem: string): Error {
    const token = this.scanner.peek();
    return this.error(problem, { offset: token.start, line: token.line });
  }

  #documentContent(): number {
    const kind = this.peekKind();
    if (
      kind === versionDirective ||
      kind === tagDirective ||
      kind === documentStart ||
      kind === documentEnd ||
      kind === streamEnd
    ) {
      this.pop();
      return this.emptyScalar(this.scanner.peek().start);
    }
    return this.node(true, false);
  }

  #documentClose(): number {
    const kind = this.peekKind();
    this.start = this.scanner.peek().start;
    this.end = this.start;
    if (kind === documentEnd) {
      this.scanner.skip();
    }
    this.state = states.explicitDocumentStart;
    return endOfDocument;
  }

  #blockSequenceEntry(): number {
    const kind = this.peekKind();
    if (kind === blockEntry) {
      const { end } = this.scanner.peek();
      this.scanner.skip();
      const next = this.peekKind();
      if (next === blockEntry || next === blockEnd) {
        this.state = states.blockSequenceNext;
        return this.emptyScalar(end);
      }
      this.states.push(states.blockSequenceNext);
      return this.node(true, false);
    }
    if (kind === blockEnd) {
      return this.close(sequenceEnd);
    }
    throw this.errorInCollection("did not find expected '-' indicator");
  }

  #indentlessEntry(): number {
    const token = this.scanner.peek();
    if (this.peekKind() !== blockEntry) {
      this.pop();
      this.start = token.start;
      this.end = token.start;
      return sequenceEnd;
    }
    const { end } = token;
    this.scanner.skip();
    const next = this.peekKind();
    if (next === blockEntry || next === keyToken || next === valueToken || next === blockEnd) {
      this.state = states.indentlessSequence;
      return this.emptyScalar(end);
    }
    this.states.push(states.indentlessSequence);
    return this.node(true, false);
  }

  #blockMappingKey(): number {
    const kind = this.peekKind();
    if (kind === keyToken) {
      return this.#afterIndicator(states.blockMappingValue);
    }
    if (kind === blockEnd) {
      return this.close(mappingEnd);
    }
    throw this.errorInCollection("did not find expected key");
  }

  #blockMappingValue(): number {
    if (this.peekKind() === valueToken) {
      return this.#afterIndicator(states.blockMappingKey);
    }
    this.state = states.blockMappingKey;
    return this.emptyScalar(this.scanner.peek().start);
  }

  /** The node after '?' or ':' in a block mapping, or nothing. */
  #afterIndicator(state: number): number {
    const { end } = this.scanner.peek();
    this.scanner.skip();
    const next = this.peekKind();
    if (next === keyToken || next === valueToken || next === blockEnd) {
      this.state = state;
      return this.emptyScalar(end);
    }
    this.states.push(state);
    return this.node(true, true);
  }

  /** Steps over the ',' between entries. Returns the kind of the token where the entry starts. */
  #entryStart(first: boolean, closing: number, problem: string): number {
    const kind = this.peekKind();
    if (first || kind === closing) {
      return kind;
    }
    if (kind !== flowEntry) {
      throw this.errorInCollection(problem);
    }
    this.scanner.skip();
    return this.peekKind();
  }

  #flowSequenceEntry(first: boolean): number {
    const kind = this.#entryStart(first, flowSequenceEnd, "did not find expected ',' or ']'");
    if (kind === flowSequenceEnd) {
      return this.close(sequenceEnd);
    }
    if (kind !== keyToken) {
      this.states.push(states.flowSequenceNext);
      return this.node(false, false);
    }
    const token = this.scanner.peek();
    this.anchor = "";
    this.tag = "";
    this.start = token.start;
    this.end = token.end;
    this.line = token.line;
    this.state = states.flowPairKey;
    this.scanner.skip();
    return mappingStart;
  }

  #flowPairKey(): number {
    const kind = this.peekKind();
    if (kind !== valueToken && kind !== flowEntry && kind !== flowSequenceEnd) {
      this.states.push(states.flowPairValue);
      return this.node(false, false);
    }
    const { end } = this.scanner.peek();
    this.scanner.skip();
    this.state = states.flowPairValue;
    return this.emptyScalar(end);
  }

  #flowPairValue(): number {
    if (this.peekKind() === valueToken) {
      this.scanner.skip();
      const kind = this.peekKind();
      if (kind !== flowEntry && kind !== flowSequenceEnd) {
        this.states.push(states.flowPairEnd);
        return this.node(false, false);
      }
    }
    this.state = states.flowPairEnd;
    return this.emptyScalar(this.scanner.peek().start);
  }

  #flowMappingKey(first: boolean): number {
    let kind = this.#entryStart(first, flowMappingEnd, "did not find expected ',' or '}'");
    if (kind === flowMappingEnd) {
      return this.close(mappingEnd);
    }
    if (kind !== keyToken) {
      this.states.push(states.flowMappingEmptyValue);
      return this.node(false, false);
    }
    this.scanner.skip();
    kind = this.peekKind();
    if (kind !== valueToken && kind !== flowEntry && kind !== flowMappingEnd) {
      this.states.push(states.flowMappingValue);
      return this.node(false, false);
    }
    this.state = states.flowMappingValue;
    return this.emptyScalar(this.scanner.peek().start);
  }

  #flowMappingValue(): number {
    if (this.peekKind() === valueToken) {
      this.scanner.skip();
      const kind = this.peekKind();
      if (kind !== flowEntry && kind !== flowMappingEnd) {
        this.states.push(states.flowMappingKey);
        return this.node(false, false);
      }
    }
    this.state = states.flowMappingKey;
    return this.emptyScalar(this.scanner.peek().start);
  }
}
