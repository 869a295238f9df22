// Template text to parse trees.
import { blockDepthMax, templateLengthMax } from "../limits.ts";
import { quote } from "../strconv/quote.ts";
import { type Delimiters, Lexer } from "./lexer.ts";
import { nodeText } from "./node-text.ts";
import type { BranchNode, JumpNode, ListNode, PipeNode, StatementNode, TemplateNode, TemplateSource } from "./node.ts";
import { OperandParser } from "./operand-parser.ts";
import { ParsedTemplate, type ParsedTemplates } from "./parsed-template.ts";
import { TokenStream } from "./token-stream.ts";
import type { Token } from "./token.ts";

export interface ParserOptions extends Delimiters {
  readonly isFunction: (name: string) => boolean;
}

/** What ends a list: not part of the tree. */
interface EndMark {
  readonly kind: "end" | "else";
  readonly pos: number;
}

type Piece = StatementNode | EndMark;

function isEndMark(piece: Piece): piece is EndMark {
  return piece.kind === "end" || piece.kind === "else";
}

function pieceText(piece: Piece): string {
  return isEndMark(piece) ? `{{${piece.kind}}}` : nodeText(piece);
}

export function parseTrees(source: TemplateSource, options: ParserOptions): ParsedTemplates {
  return new Parser(source, options).parse();
}

class Parser {
  readonly #source: TemplateSource;
  readonly #isFunction: (name: string) => boolean;
  readonly #stream: TokenStream;
  readonly #templates = new Map<string, ParsedTemplate>();
  #operands: OperandParser;
  #rangeDepth = 0;
  #blockDepth = 0;

  constructor(source: TemplateSource, options: ParserOptions) {
    this.#source = source;
    this.#isFunction = options.isFunction;
    const { left, right, isFunction } = options;
    const lexer = new Lexer(source.text.slice(0, templateLengthMax), {
      left,
      right,
      breakIsKeyword: !isFunction("break"),
      continueIsKeyword: !isFunction("continue"),
    });
    this.#stream = new TokenStream(source, lexer.tokens());
    this.#operands = new OperandParser(this.#stream, isFunction);
    if (source.text.length > templateLengthMax) {
      this.#stream.fail(`template is longer than ${templateLengthMax} characters`, "limit");
    }
  }

  parse(): ParsedTemplates {
    const stream = this.#stream;
    const root = this.#list(stream.peek().pos);
    while (stream.peek().kind !== "eof") {
      if (this.#definition()) continue;
      const piece = this.#textOrAction();
      if (isEndMark(piece)) stream.fail(`unexpected ${pieceText(piece)}`);
      else root.nodes.push(piece);
    }
    this.#add(this.#source.name, root);
    return { name: this.#source.name, templates: this.#templates };
  }

  #list(pos: number): ListNode {
    return { kind: "list", source: this.#source, pos, nodes: [] };
  }

  #add(name: string, root: ListNode): void {
    const parsed = new ParsedTemplate(name, root);
    const earlier = this.#templates.get(name);
    if (earlier === undefined || earlier.isEmpty) this.#templates.set(name, parsed);
    else if (!parsed.isEmpty) this.#stream.fail(`template: multiple definition of template ${quote(name)}`);
  }

  /** `{{define "name"}}...{{end}}`, if that is what comes next. */
  #definition(): boolean {
    const stream = this.#stream;
    const mark = stream.mark;
    if (stream.peek().kind !== "leftDelim") return false;
    stream.next();
    if (stream.nextNonSpace().kind !== "define") {
      stream.reset(mark);
      return false;
    }
    const context = "define clause";
    this.#separateTree(() => {
      const name = this.#operands.stringValue(stream.expect(["string", "rawString"], context));
      stream.expect(["rightDelim"], context);
      this.#add(name, this.#body(context));
    });
    return true;
  }

  /** A definition sees neither the variables nor the loops around it. */
  #separateTree(parse: () => void): void {
    const stream = this.#stream;
    const outer = { operands: this.#operands, rangeDepth: this.#rangeDepth, actionLine: stream.actionLine };
    this.#operands = new OperandParser(stream, this.#isFunction);
    this.#rangeDepth = 0;
    stream.actionLine = 0;
    parse();
    this.#operands = outer.operands;
    this.#rangeDepth = outer.rangeDepth;
    stream.actionLine = outer.actionLine;
  }

  /** A list that must end in `{{end}}`. */
  #body(context: string, line?: number): ListNode {
    const { list, end } = this.#itemList();
    if (end.kind !== "end") this.#stream.fail(`unexpected ${pieceText(end)} in ${context}`, "parse", line);
    return list;
  }

  #itemList(): { list: ListNode; end: EndMark } {
    const stream = this.#stream;
    if (++this.#blockDepth > blockDepthMax) stream.fail(`blocks nested deeper than ${blockDepthMax} levels`, "limit");
    const list = this.#list(stream.peekNonSpace().pos);
    while (stream.peekNonSpace().kind !== "eof") {
      const piece = this.#textOrAction();
      if (isEndMark(piece)) {
        this.#blockDepth--;
        return { list, end: piece };
      }
      list.nodes.push(piece);
    }
    return stream.fail("unexpected EOF");
  }

  #textOrAction(): Piece {
    const stream = this.#stream;
    const token = stream.nextNonSpace();
    if (token.kind === "text") return { kind: "text", source: this.#source, pos: token.pos, text: token.text };
    if (token.kind !== "leftDelim") return stream.unexpected(token, "input");
    stream.actionLine = token.line;
    const piece = this.#action();
    stream.actionLine = 0;
    return piece;
  }

  #action(): Piece {
    const stream = this.#stream;
    const token = stream.nextNonSpace();
    switch (token.kind) {
      case "block":
        return this.#block();
      case "break":
      case "continue":
        return this.#jump(token.kind, token.pos);
      case "else":
        return this.#else();
      case "end":
        return { kind: "end", pos: stream.expect(["rightDelim"], "end").pos };
      case "if":
      case "range":
      case "with":
        return this.#branch(token.kind);
      case "template":
        return this.#template();
      default:
        stream.reset(stream.mark - 1);
        return { kind: "action", source: this.#source, pos: token.pos, pipe: this.#pipeline("command") };
    }
  }

  #pipeline(context: string): PipeNode {
    return this.#operands.pipeline(context, "rightDelim");
  }

  #jump(kind: "break" | "continue", pos: number): JumpNode {
    const stream = this.#stream;
    stream.expect(["rightDelim"], `{{${kind}}}`);
    if (this.#rangeDepth === 0) stream.fail(`{{${kind}}} outside {{range}}`);
    return { kind, source: this.#source, pos };
  }

  /** `{{else if` leaves the `if` to be read as the start of a nested action. */
  #else(): EndMark {
    const token = this.#stream.peekNonSpace();
    if (token.kind === "if" || token.kind === "with") return { kind: "else", pos: token.pos };
    return { kind: "else", pos: this.#stream.expect(["rightDelim"], "else").pos };
  }

  #branch(kind: BranchNode["kind"]): BranchNode {
    const scope = this.#operands.variables.length;
    const pipe = this.#pipeline(kind);
    if (kind === "range") this.#rangeDepth++;
    const { list, end } = this.#itemList();
    if (kind === "range") this.#rangeDepth--;
    const elseList = end.kind === "else" ? this.#elseList(kind, end.pos) : undefined;
    this.#operands.variables.length = scope;
    return { kind, source: this.#source, pos: pipe.pos, pipe, list, elseList };
  }

  #elseList(kind: BranchNode["kind"], pos: number): ListNode {
    const stream = this.#stream;
    if (kind !== "range" && stream.peek().kind === kind) {
      stream.next();
      const list = this.#list(pos);
      if (++this.#blockDepth > blockDepthMax) stream.fail(`blocks nested deeper than ${blockDepthMax} levels`, "limit");
      list.nodes.push(this.#branch(kind));
      this.#blockDepth--;
      return list;
    }
    const { list, end } = this.#itemList();
    if (end.kind !== "end") stream.fail(`expected end; found ${pieceText(end)}`);
    return list;
  }

  #block(): TemplateNode {
    const context = "block clause";
    const token = this.#stream.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context);
    // Go reports a wrong end of a block at the line where the block began.
    const { line } = this.#stream;
    this.#separateTree(() => this.#add(name, this.#body(context, line)));
    return { kind: "template", source: this.#source, pos: token.pos, name, pipe };
  }

  #template(): TemplateNode {
    const stream = this.#stream;
    const context = "template clause";
    const token = stream.nextNonSpace();
    const name = this.#templateName(token, context);
    let pipe: PipeNode | undefined;
    if (stream.nextNonSpace().kind !== "rightDelim") {
      stream.reset(stream.mark - 1);
      pipe = this.#pipeline(context);
    }
    return { kind: "template", source: this.#source, pos: token.pos, name, pipe };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "rawString") this.#stream.unexpected(token, context);
    return this.#operands.stringValue(token);
  }
}
