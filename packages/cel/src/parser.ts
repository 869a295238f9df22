import type { CallExpr, Expr } from "./ast.ts";
import { CelError, problemText } from "./cel-error.ts";
import type { Problem } from "./cel-error.ts";
import { lex } from "./lexer.ts";
import type { Token } from "./lexer.ts";
import { EXPRESSION_CHARACTERS_MAX, EXPRESSION_DEPTH_MAX } from "./limits.ts";
import { readBytes, readNumber, readString } from "./literal.ts";
import { expandMacro } from "./macros.ts";
import type { Macros } from "./macros.ts";

/** Reads an expression and expands its macros. Throws a CelError that shows the place. */
export function parse(text: string, macros: Macros): Expr {
  if (text.length > EXPRESSION_CHARACTERS_MAX) {
    throw new CelError(
      "syntax",
      `The expression has ${text.length} characters; at most ${EXPRESSION_CHARACTERS_MAX} are read.`,
    );
  }
  const { tokens, problems } = lex(text);
  try {
    const expr = new Parser(tokens, macros, problems).parse();
    if (problems.length > 0) throw new CelError("syntax", problemText(problems, text));
    return expr;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw new CelError("syntax", problemText([...problems, error.problem], text), error);
  }
}

/** Ends the parse, unless there is just one word too many. */
export class SyntaxProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = "SyntaxProblem";
    this.problem = problem;
  }
}

const RESERVED = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);
const KEYWORDS = new Set(["true", "false", "null", "in"]);
const OPERAND_START =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const ARGUMENT_START = OPERAND_START.replace("'(',", "'(', ')',");

const RELATIONS = new Set(["<", "<=", ">=", ">", "==", "!=", "in"]);

export function operatorName(symbol: string): string {
  return symbol === "in" ? "@in" : `_${symbol}_`;
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly macros: Macros;
  private readonly problems: Problem[];
  private position = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], macros: Macros, problems: Problem[]) {
    this.tokens = tokens;
    this.macros = macros;
    this.problems = problems;
  }

  parse(): Expr {
    const expr = this.expression();
    if (this.peek().kind !== "end") {
      const isOneTooMany = this.peek(1).kind === "end";
      this.refuse(`${isOneTooMany ? "extraneous" : "mismatched"} input '${this.peek().text}' expecting <EOF>`);
    }
    return expr;
  }

  private peek(ahead = 0): Token {
    return (
      this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)] ?? { kind: "end", text: "<EOF>", offset: 0 }
    );
  }

  private next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  private is(symbol: string): boolean {
    const token = this.peek();
    return (token.kind === "symbol" || token.kind === "name") && token.text === symbol;
  }

  private take(symbol: string): Token | undefined {
    return this.is(symbol) ? this.next() : undefined;
  }

  /** With `alternatives`, others may follow as well; else the symbol is just missing. */
  private expect(symbol: string, alternatives?: string): Token {
    const token = this.take(symbol);
    if (token !== undefined) return token;
    const { text } = this.peek();
    if (alternatives !== undefined) return this.refuse(`mismatched input '${text}' expecting ${alternatives}`);
    return this.refuse(
      symbol === ":" ? `mismatched input '${text}' expecting ':'` : `missing '${symbol}' at '${text}'`,
    );
  }

  /** One word too many is told and passed over, so that what else is wrong is told as well. */
  private refuseOperand(): Expr {
    const token = this.peek();
    const isOneTooMany = this.peek(1).kind !== "end" && this.peek(1).kind !== "symbol" && token.kind !== "end";
    const isArgument = this.position > 1 && this.peek(-1).text === "(" && this.peek(-2).kind === "name";
    const expected = isArgument ? ARGUMENT_START : OPERAND_START;
    if (!isOneTooMany) return this.refuse(`mismatched input '${token.text}' expecting ${expected}`);
    this.problems.push({
      offset: this.next().offset,
      message: `Syntax error: extraneous input '${token.text}' expecting ${expected}`,
    });
    return this.primary();
  }

  private refuse(message: string, offset = this.peek().offset): never {
    throw new SyntaxProblem({ offset, message: `Syntax error: ${message}` });
  }

  private report(message: string, offset: number): never {
    throw new SyntaxProblem({ offset, message });
  }

  private expression(): Expr {
    this.depth += 1;
    if (this.depth > EXPRESSION_DEPTH_MAX)
      this.report(`expression recursion limit exceeded: ${EXPRESSION_DEPTH_MAX}`, 0);
    const condition = this.logical("||");
    const question = this.take("?");
    let expr = condition;
    if (question !== undefined) {
      const then = this.logical("||");
      this.expect(":");
      expr = call("_?_:_", question.offset, [condition, then, this.expression()]);
    }
    this.depth -= 1;
    return expr;
  }

  private logical(symbol: "||" | "&&"): Expr {
    const operand = (): Expr => (symbol === "||" ? this.logical("&&") : this.relation());
    const terms = [operand()];
    const offsets: number[] = [];
    for (let token = this.take(symbol); token !== undefined; token = this.take(symbol)) {
      offsets.push(token.offset);
      terms.push(operand());
    }
    return balanced(operatorName(symbol), terms, offsets);
  }

  private relation(): Expr {
    let left = this.sum();
    while (RELATIONS.has(this.peek().text) && this.peek().kind !== "string") {
      const operator = this.next();
      left = call(operatorName(operator.text), operator.offset, [left, this.sum()]);
    }
    return left;
  }

  private sum(): Expr {
    let left = this.product();
    while (this.is("+") || this.is("-")) {
      const operator = this.next();
      left = call(operatorName(operator.text), operator.offset, [left, this.product()]);
    }
    return left;
  }

  private product(): Expr {
    let left = this.unary();
    while (this.is("*") || this.is("/") || this.is("%")) {
      const operator = this.next();
      left = call(operatorName(operator.text), operator.offset, [left, this.unary()]);
    }
    return left;
  }

  private unary(): Expr {
    const first = this.peek();
    if (first.kind !== "symbol" || (first.text !== "!" && first.text !== "-")) return this.member();
    if (first.text === "-" && this.peek(1).kind === "number") return this.member();
    let count = 0;
    while (this.take(first.text) !== undefined) count += 1;
    const operand = this.member();
    return count % 2 === 0 ? operand : call(first.text === "!" ? "!_" : "-_", first.offset, [operand]);
  }

  private member(): Expr {
    let expr = this.primary();
    for (;;) {
      const dot = this.take(".");
      if (dot !== undefined) {
        expr = this.selection(expr, dot);
        continue;
      }
      const bracket = this.take("[");
      if (bracket === undefined) return expr;
      const isOptional = this.take("?") !== undefined;
      const index = this.expression();
      this.expect("]");
      expr = call(isOptional ? "_[?_]" : "_[_]", bracket.offset, [expr, index]);
    }
  }

  private selection(operand: Expr, dot: Token): Expr {
    const isOptional = this.take("?") !== undefined;
    const field = this.next();
    if (field.kind === "escaped-name") {
      return {
        kind: "select",
        operand,
        field: field.text.slice(1, -1),
        testOnly: false,
        optional: isOptional,
        offset: dot.offset,
      };
    }
    if (field.kind !== "name" || KEYWORDS.has(field.text)) {
      this.refuse(`no viable alternative at input '.${field.kind === "end" ? "" : field.text}'`, field.offset);
    }
    const open = isOptional ? undefined : this.take("(");
    if (open === undefined) {
      return { kind: "select", operand, field: field.text, testOnly: false, optional: isOptional, offset: dot.offset };
    }
    return this.macro({ kind: "call", target: operand, name: field.text, args: this.args(")"), offset: open.offset });
  }

  private macro(expr: CallExpr): Expr {
    return expandMacro(this.macros, expr, (message, offset) => this.report(message, offset));
  }

  private args(closing: ")"): Expr[] {
    const args: Expr[] = [];
    if (this.take(closing) !== undefined) return args;
    do args.push(this.expression());
    while (this.take(",") !== undefined);
    this.expect(closing, this.peek().kind === "end" ? undefined : "{')', ','}");
    return args;
  }

  private primary(): Expr {
    const token = this.peek();
    switch (token.kind) {
      case "number":
        return this.number(this.next(), false, token.offset);
      case "string":
      case "bytes":
        return this.quoted(this.next());
      case "name":
        return this.named("");
      case "symbol":
        return this.bracketed(token);
      default:
        return this.refuseOperand();
    }
  }

  private bracketed(token: Token): Expr {
    switch (token.text) {
      case "(": {
        this.next();
        const inner = this.expression();
        this.expect(")");
        return inner;
      }
      case "[":
        return this.list(this.next());
      case "{":
        return this.map(this.next());
      case "-":
        this.next();
        return this.number(this.next(), true, token.offset);
      case ".":
        this.next();
        return this.named(".");
      default:
        return this.refuseOperand();
    }
  }

  private number(token: Token, isNegative: boolean, offset: number): Expr {
    if (token.kind !== "number")
      this.refuse(`mismatched input '${token.text}' expecting ${OPERAND_START}`, token.offset);
    const read = readNumber(token.text, isNegative);
    return "problem" in read ? this.report(read.problem, offset) : { kind: "literal", value: read.value, offset };
  }

  private quoted(token: Token): Expr {
    const value = token.kind === "bytes" ? readBytes(token.text) : readString(token.text);
    return value === undefined
      ? this.refuse(`token recognition error at: '${token.text}'`, token.offset)
      : { kind: "literal", value, offset: token.offset };
  }

  private named(prefix: string): Expr {
    const token = this.next();
    const { text, offset } = token;
    if (prefix === "") {
      if (text === "true" || text === "false") return { kind: "literal", value: text === "true", offset };
      if (text === "null") return { kind: "literal", value: null, offset };
    }
    if (token.kind !== "name" || KEYWORDS.has(text))
      this.refuse(`mismatched input '${text}' expecting ${OPERAND_START}`, offset);
    const typeName = this.structName(prefix + text);
    if (typeName !== undefined) return this.struct(typeName);
    if (RESERVED.has(text)) this.report(`reserved identifier: ${text}`, offset);
    const open = this.take("(");
    if (open === undefined) return { kind: "ident", name: prefix + text, offset };
    return this.macro({
      kind: "call",
      target: undefined,
      name: prefix + text,
      args: this.args(")"),
      offset: open.offset,
    });
  }

  /** A dotted name before a brace is that of a type; then the position is at the brace. */
  private structName(first: string): string | undefined {
    let name = first;
    let ahead = 0;
    while (
      this.peek(ahead).text === "." &&
      this.peek(ahead).kind === "symbol" &&
      this.peek(ahead + 1).kind === "name"
    ) {
      name += `.${this.peek(ahead + 1).text}`;
      ahead += 2;
    }
    if (this.peek(ahead).text !== "{" || this.peek(ahead).kind !== "symbol") return undefined;
    this.position += ahead;
    return name;
  }

  private struct(typeName: string): Expr {
    const brace = this.next();
    const fields = this.entries(() => {
      const name = this.next();
      if (name.kind !== "name" && name.kind !== "escaped-name")
        this.refuse(`mismatched input '${name.text}' expecting IDENTIFIER`, name.offset);
      return name.kind === "name" ? name.text : name.text.slice(1, -1);
    });
    return {
      kind: "struct",
      typeName,
      fields: fields.map(({ key, ...field }) => ({ name: key, ...field })),
      offset: brace.offset,
    };
  }

  private map(brace: Token): Expr {
    return { kind: "map", entries: this.entries(() => this.expression()), offset: brace.offset };
  }

  private entries<K>(readKey: () => K): { key: K; value: Expr; optional: boolean; offset: number }[] {
    const entries: { key: K; value: Expr; optional: boolean; offset: number }[] = [];
    while (!this.is("}")) {
      const isOptional = this.take("?") !== undefined;
      const key = readKey();
      const colon = this.expect(":");
      entries.push({ key, value: this.expression(), optional: isOptional, offset: colon.offset });
      if (this.take(",") === undefined) break;
    }
    this.expect("}", "{'}', ','}");
    return entries;
  }

  private list(bracket: Token): Expr {
    const items: { value: Expr; optional: boolean }[] = [];
    while (!this.is("]")) {
      const isOptional = this.take("?") !== undefined;
      items.push({ value: this.expression(), optional: isOptional });
      if (this.take(",") === undefined) break;
    }
    this.expect("]", "{']', ','}");
    return { kind: "list", items, offset: bracket.offset };
  }
}

function call(name: string, offset: number, args: readonly Expr[]): CallExpr {
  return { kind: "call", target: undefined, name, args, offset };
}

/** Long chains of `&&` and `||` become trees, so that their depth stays small. */
function balanced(name: string, terms: readonly Expr[], offsets: readonly number[]): Expr {
  const [first] = terms;
  if (first !== undefined && terms.length === 1) return first;
  const middle = Math.floor(offsets.length / 2);
  const left = balanced(name, terms.slice(0, middle + 1), offsets.slice(0, middle));
  const right = balanced(name, terms.slice(middle + 1), offsets.slice(middle + 1));
  return call(name, offsets[middle] ?? 0, [left, right]);
}
