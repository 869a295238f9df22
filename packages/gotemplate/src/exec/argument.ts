// One argument of a call, made to fit the type of its parameter.
import { nodeText } from "../parse/node-text.ts";
import type { LiteralNode, NumberNode } from "../parse/node.ts";
import { GoNil, GoStruct, declaredType, goNumber, isGoMap, pointedStruct, typeName } from "../value.ts";
import type { GoKind, NumberKind } from "../go-type.ts";
import type { Expression, Operand } from "./code.ts";
import type { Frame } from "./frame.ts";

const anyType = "interface {}";
const valueType = "reflect.Value";

/** The code of the argument for a parameter of that type. */
export function compileArgument({ node, evaluate }: Operand, type: string): Expression {
  if (node.kind === "bool" || node.kind === "number" || node.kind === "string") return literalArgument(node, type);
  if (node.kind === "nil" || evaluate === undefined) {
    return (frame) => {
      frame.node = node;
      return canBeNil(type) ? nilOf(type) : frame.fail(`cannot assign nil to ${type}`);
    };
  }
  return (frame, dot) => {
    frame.node = node;
    return validated(frame, evaluate(frame, dot), type);
  };
}

function canBeNil(type: string): boolean {
  return type === anyType || type === valueType || /^(?:map\[|\[\]|\*|func\()/u.test(type);
}

/** What a function gets for a nil: containers are empty ones, so that functions need not look for GoNil. */
function nilOf(type: string): unknown {
  if (type === anyType) return null;
  if (type === valueType) return undefined;
  if (type.startsWith("map[")) return {};
  return type.startsWith("[]") ? [] : new GoNil({ name: type, kind: "ptr" });
}

export function validated(frame: Frame, value: unknown, type: string): unknown {
  if (type === anyType) return value === undefined ? null : value;
  if (type === "string" && typeof value === "string") return value;
  if (type === valueType) return value;
  if (value === undefined) return canBeNil(type) ? nilOf(type) : frame.fail(`invalid value; expected ${type}`);
  if (isAssignable(value, type)) return value instanceof GoNil ? nilOf(type) : value;
  const pointed = followed(frame, value, type);
  if (pointed !== undefined) return pointed;
  const got = value === null ? anyType : typeName(value);
  return frame.fail(`wrong type for value; expected ${type}; got ${got}`);
}

/** Where a struct is wanted, a pointer to one is followed. */
function followed(frame: Frame, value: unknown, type: string): GoStruct | undefined {
  if (value === null || typeName(value) !== `*${type}`) return undefined;
  if (value instanceof GoNil) return frame.fail(`dereference of nil pointer of type ${type}`);
  return value instanceof GoStruct ? pointedStruct(value) : undefined;
}

function isAssignable(value: unknown, type: string): boolean {
  if (type === "map[string]interface {}" && isGoMap(value) && declaredType(value) === undefined) return true;
  if (value === null) return false;
  return typeName(value) === type || declaredType(value)?.underlying === type;
}

const kindsByFamily: Readonly<Record<"integer" | "unsigned" | "float", readonly string[]>> = {
  integer: ["int", "int8", "int16", "int32", "int64"],
  unsigned: ["uint", "uint8", "uint16", "uint32", "uint64", "uintptr"],
  float: ["float32", "float64"],
};

export function literalArgument(node: LiteralNode, type: string): Expression {
  if (type === anyType || type === valueType) {
    if (node.kind !== "number") {
      const value = node.kind === "bool" ? node.value : node.text;
      return (frame) => {
        frame.node = node;
        return value;
      };
    }
    return (frame) => {
      frame.node = node;
      return constantValue(frame, node);
    };
  }
  if (type === "string" && node.kind === "string") {
    const { text } = node;
    return (frame) => {
      frame.node = node;
      return text;
    };
  }
  return (frame) => {
    frame.node = node;
    return typedLiteral(frame, node, type as GoKind);
  };
}

function typedLiteral(frame: Frame, node: LiteralNode, type: GoKind): unknown {
  if (type === "bool") return node.kind === "bool" ? node.value : frame.fail(`expected bool; found ${nodeText(node)}`);
  if (type === "string") return frame.fail(`expected string; found ${nodeText(node)}`);
  const number: NumberNode | undefined = node.kind === "number" ? node : undefined;
  const kind = type as NumberKind;
  if (kindsByFamily.integer.includes(type)) {
    return number?.int === undefined
      ? frame.fail(`expected integer; found ${nodeText(node)}`)
      : goNumber(kind, number.int);
  }
  if (kindsByFamily.unsigned.includes(type)) {
    return number?.uint === undefined
      ? frame.fail(`expected unsigned integer; found ${nodeText(node)}`)
      : goNumber(kind, number.uint);
  }
  if (kindsByFamily.float.includes(type)) {
    return number?.float === undefined
      ? frame.fail(`expected float; found ${nodeText(node)}`)
      : goNumber(kind, number.float);
  }
  return frame.fail(`can't handle ${nodeText(node)} for arg of type ${type}`);
}

/** A number where nothing says which kind is wanted: its syntax decides between float64 and int. */
export function constantValue(frame: Frame, { text, int, float }: NumberNode): number | bigint {
  const isHexInteger = /^0[xX][^pP]+$/u.test(text);
  if (float !== undefined && !isHexInteger && !text.startsWith("'") && /[.eEpP]/u.test(text)) return float;
  return int ?? frame.fail(`${text} overflows int`);
}
