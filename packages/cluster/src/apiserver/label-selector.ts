import { goQuote } from "../object/go-text.ts";
import { labelValue, qualifiedName } from "../kinds/validation/names.ts";
import { badRequest } from "./status.ts";

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "exists" | "!" | "in" | "notin" | "gt" | "lt";
  readonly values: readonly string[];
}

const symbols = ["!=", "==", "=", "(", ")", ",", "!", ">", "<"];

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`, with the complaints of Kubernetes about what is none. */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const tokens = tokensOf(text);
  const requirements: LabelRequirement[] = [];
  let at = 0;
  const peek = (): string => tokens[at] ?? "";
  const take = (): string => tokens[at++] ?? "";
  while (at < tokens.length) {
    if (peek() !== "!" && symbols.includes(peek())) throw wrong(peek(), "!, identifier, or 'end of string'");
    requirements.push(requirement(peek, take));
    if (at >= tokens.length) break;
    const comma = take();
    if (comma !== ",") throw wrong(comma, "',' or 'end of string'");
    if (at >= tokens.length || peek() === ",") throw wrong(peek(), "identifier after ','");
  }
  return requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function requirement(peek: () => string, take: () => string): LabelRequirement {
  if (peek() === "!") {
    take();
    const key = identifier(take(), "identifier");
    return checked({ key, operator: "!", values: [] });
  }
  const key = identifier(take(), "!, identifier, or ',' or 'end of string'");
  const operator = peek();
  if (operator === "" || operator === ",") return checked({ key, operator: "exists", values: [] });
  take();
  switch (operator) {
    case "=":
    case "==":
      return checked({ key, operator: "in", values: [value(peek, take)] });
    case "!=":
      return checked({ key, operator: "notin", values: [value(peek, take)] });
    case ">":
    case "<":
      return checked({ key, operator: operator === ">" ? "gt" : "lt", values: [value(peek, take)] });
    case "in":
    case "notin":
      return checked({ key, operator, values: valueList(peek, take) });
    default:
      throw unparsed(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function value(peek: () => string, take: () => string): string {
  // Nothing after the sign is the empty value.
  if (peek() === "" || peek() === ",") return "";
  return identifier(take(), "identifier");
}

function valueList(peek: () => string, take: () => string): readonly string[] {
  const open = take();
  if (open !== "(") throw unparsed(`found '${open}' expected: '('`);
  const values = new Set<string>();
  if (peek() === ")") {
    take();
    return [""];
  }
  for (;;) {
    const word = take();
    if (word === ",") {
      values.add("");
      if (peek() === ")") {
        take();
        return [...values];
      }
      continue;
    }
    if (word === ")") return [...values, ""];
    if (word === "" || symbols.includes(word)) throw unparsed(`found '${word}', expected: ',', ')' or identifier`);
    values.add(word);
    const next = take();
    if (next === ")") return [...values].toSorted();
    if (next !== ",") throw unparsed(`found '${next}', expected: ',' or ')'`);
  }
}

function identifier(token: string, expected: string): string {
  if (token === "" || symbols.includes(token)) throw unparsed(`found '${token}', expected: ${expected}`);
  return token;
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement;
  const wrongKey = qualifiedName(key);
  if (wrongKey.length > 0) throw unparsed(`<nil>: Invalid value: ${goQuote(key)}: ${wrongKey.join("; ")}`);
  for (const [index, each] of values.entries()) {
    if ((operator === "gt" || operator === "lt") && !/^[+-]?\d+$/.test(each))
      throw unparsed(
        `values[${index}]: Invalid value: ${goQuote(each)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    const wrong = labelValue(each);
    if (wrong.length > 0)
      throw unparsed(`values[${index}][${key}]: Invalid value: ${goQuote(each)}: ${wrong.join("; ")}`);
  }
  return requirement;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const symbol = symbols.find((each) => text.startsWith(each, at));
    if (symbol) {
      tokens.push(symbol);
      at += symbol.length;
      continue;
    }
    const word = /^[^\s()!=<>,]+/.exec(text.slice(at))?.[0];
    if (word) tokens.push(word);
    at += word?.length ?? 1;
  }
  return tokens;
}

/** Between requirements, where none was begun. */
function wrong(found: string, expected: string): Error {
  return badRequest(`found '${found}', expected: ${expected}`);
}

function unparsed(why: string): Error {
  return badRequest(`unable to parse requirement: ${why}`);
}
