// Pipelines: declarations, commands and their operands.
import { parenthesesDepthMax } from "../limits.ts";
import { quote } from "../strconv/quote.ts";
import { unquote } from "../strconv/unquote.ts";
import { nodeText } from "./node-text.ts";
import type { CommandNode, IdentifierNode, OperandNode, PipeNode, VariableNode } from "./node.ts";
import { numberValue } from "./number-node.ts";
import type { TokenStream } from "./token-stream.ts";
import type { Token, TokenKind } from "./token.ts";

const operandStarts: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "bool",
  "charConstant",
  "complex",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);

export class OperandParser {
  /** Names of the variables in scope, innermost last. */
  variables: string[] = ["$"];
  readonly #stream: TokenStream;
  readonly #isFunction: (name: string) => boolean;
  #parens = 0;

  constructor(stream: TokenStream, isFunction: (name: string) => boolean) {
    this.#stream = stream;
    this.#isFunction = isFunction;
  }

  pipeline(context: string, end: TokenKind): PipeNode {
    const stream = this.#stream;
    const { source } = stream;
    const { pos } = stream.peekNonSpace();
    const { variables, isAssign } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = stream.nextNonSpace();
      if (token.kind === end) break;
      if (!operandStarts.has(token.kind)) stream.unexpected(token, context);
      stream.reset(stream.mark - 1);
      commands.push(this.#command());
    }
    this.#check(commands, context);
    return { kind: "pipe", source, pos, isAssign, variables, commands };
  }

  #declarations(context: string): { variables: VariableNode[]; isAssign: boolean } {
    const stream = this.#stream;
    const variables: VariableNode[] = [];
    for (;;) {
      const token = stream.peekNonSpace();
      if (token.kind !== "variable") return { variables, isAssign: false };
      const mark = stream.mark;
      stream.next();
      const next = stream.peekNonSpace();
      const isComma = next.kind === "char" && next.text === ",";
      if (next.kind !== "assign" && next.kind !== "declare" && !isComma) {
        stream.reset(mark);
        return { variables, isAssign: false };
      }
      stream.next();
      variables.push(this.#variable(token.pos, token.text));
      this.variables.push(token.text);
      if (!isComma) return { variables, isAssign: next.kind === "assign" };
      if (context !== "range" || variables.length >= 2) stream.fail(`too many declarations in ${context}`);
      const following = stream.peekNonSpace().kind;
      if (following !== "variable" && following !== "rightDelim" && following !== "rightParen") {
        stream.fail("range can only initialize variables");
      }
    }
  }

  #check(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.#stream.fail(`missing value for ${context}`);
    commands.slice(1).forEach((command, index) => {
      const { kind } = command.args[0];
      if (kind === "bool" || kind === "dot" || kind === "nil" || kind === "number" || kind === "string") {
        this.#stream.fail(`non executable command in pipeline stage ${index + 2}`);
      }
    });
  }

  #command(): CommandNode {
    const stream = this.#stream;
    const { pos } = stream.peekNonSpace();
    const args: OperandNode[] = [];
    for (;;) {
      stream.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const token = stream.next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelim" || token.kind === "rightParen") stream.reset(stream.mark - 1);
      else if (token.kind !== "pipe") stream.unexpected(token, "operand");
      break;
    }
    const [first, ...rest] = args;
    if (first === undefined) return stream.fail("empty command");
    return { kind: "command", source: stream.source, pos, args: [first, ...rest] };
  }

  /** A term and the fields behind it. */
  #operand(): OperandNode | undefined {
    const stream = this.#stream;
    const term = this.#term();
    if (term === undefined || stream.peek().kind !== "field") return term;
    const { pos } = stream.peek();
    const fields: string[] = [];
    while (stream.peek().kind === "field") fields.push(stream.next().text.slice(1));
    switch (term.kind) {
      case "field":
      case "variable":
        return { ...term, pos, fields: [...term.fields, ...fields] };
      case "identifier":
      case "pipe":
        return { kind: "chain", source: stream.source, pos, operand: term, fields };
      default:
        return stream.fail(`unexpected . after term ${quote(nodeText(term))}`);
    }
  }

  #term(): OperandNode | undefined {
    const stream = this.#stream;
    const { source } = stream;
    const token = stream.nextNonSpace();
    const { pos, text } = token;
    switch (token.kind) {
      case "identifier":
        return this.#identifier(token);
      case "dot":
      case "nil":
        return { kind: token.kind, source, pos };
      case "variable":
        return this.#useVariable(token);
      case "field":
        return { kind: "field", source, pos, fields: [text.slice(1)] };
      case "bool":
        return { kind: "bool", source, pos, value: text === "true" };
      case "charConstant":
      case "complex":
      case "number": {
        const value = numberValue(token);
        return typeof value === "string" ? stream.fail(value) : { kind: "number", source, pos, text, ...value };
      }
      case "leftParen":
        return this.#parenthesized();
      case "string":
      case "rawString":
        return { kind: "string", source, pos, quoted: text, text: this.stringValue(token) };
      default:
        stream.reset(stream.mark - 1);
        return undefined;
    }
  }

  #identifier({ pos, text }: Token): IdentifierNode {
    if (!this.#isFunction(text)) this.#stream.fail(`function ${quote(text)} not defined`);
    return { kind: "identifier", source: this.#stream.source, pos, name: text };
  }

  #parenthesized(): PipeNode {
    if (this.#parens >= parenthesesDepthMax) this.#stream.fail("max expression depth exceeded", "limit");
    this.#parens++;
    const pipe = this.pipeline("parenthesized pipeline", "rightParen");
    this.#parens--;
    return pipe;
  }

  stringValue(token: Token): string {
    const value = unquote(token.text);
    return value ?? this.#stream.fail("invalid syntax");
  }

  #variable(pos: number, name: string): VariableNode {
    return { kind: "variable", source: this.#stream.source, pos, name, fields: [] };
  }

  #useVariable({ pos, text }: Token): VariableNode {
    if (!this.variables.includes(text)) this.#stream.fail(`undefined variable ${quote(text)}`);
    return this.#variable(pos, text);
  }
}
