// Fields: of structs, of maps, and methods. Only own properties of plain objects are ever read.
import { type GoType, methodOf } from "../go-type.ts";
import type { ChainNode, FieldNode, VariableNode } from "../parse/node.ts";
import { quote } from "../strconv/quote.ts";
import { GoNil, GoStruct, declaredType, isGoMap, typeName, zeroValue } from "../value.ts";
import { compileMethodCall } from "./call.ts";
import type { MethodCall } from "./call.ts";
import { type Command, type Invocation, type Receiver, noArguments } from "./code.ts";
import type { Frame } from "./frame.ts";

type FieldsNode = FieldNode | ChainNode | VariableNode;

interface Access {
  readonly frame: Frame;
  readonly dot: unknown;
  readonly final: unknown;
  /** What the receiver is a field of; at the head of the chain nothing. */
  readonly owner: unknown;
  readonly ownerField: string;
  readonly receiver: Receiver;
}

export function compileFields(node: FieldsNode, receiver: Receiver, invocation: Invocation): Command {
  const { fields } = node;
  const last = fields.length - 1;
  const plainCall = {
    call: compileMethodCall(node, noArguments),
    hasArguments: false,
  };
  const hasArguments = invocation.args.length > 0 || invocation.hasFinal;
  const lastCall = hasArguments ? { call: compileMethodCall(node, invocation), hasArguments } : plainCall;
  return (frame, dot, final) => {
    frame.node = node;
    let value = receiver.evaluate(frame, dot);
    let owner: unknown;
    for (let index = 0; index <= last; index++) {
      const name = fields[index] ?? "";
      const call = index < last ? plainCall : lastCall;
      const own = call.hasArguments ? undefined : fastField(value, name);
      const next =
        own === undefined
          ? fieldOf(value, name, { frame, dot, final, owner, ownerField: fields[index - 1] ?? "", receiver }, call)
          : own;
      owner = value;
      value = next;
    }
    return value;
  };
}

/** The common case: a key that is there, in a map without a type of its own. */
function fastField(value: unknown, name: string): unknown {
  if (!isGoMap(value) || declaredType(value) !== undefined || !Object.hasOwn(value, name)) return undefined;
  return value[name];
}

/** What messages call the type of a receiver: what comes out of a container has its element type. */
function shownType(value: unknown, { owner, ownerField, receiver, frame }: Access): string {
  const elementType = owner === undefined ? receiver.elementType(frame) : elementTypeOf(owner, ownerField);
  return elementType ?? typeName(value);
}

function elementTypeOf(owner: unknown, field: string): string | undefined {
  if (isGoMap(owner)) return declaredType(owner)?.elem ?? "interface {}";
  return owner instanceof GoStruct ? owner.type.fields?.[field] : undefined;
}

interface Call {
  readonly call: MethodCall;
  readonly hasArguments: boolean;
}

function fieldOf(value: unknown, name: string, access: Access, { call, hasArguments }: Call): unknown {
  const { frame } = access;
  if (value === undefined) {
    if (frame.templates.missingKey === "error") frame.fail(`nil data; no entry for key ${quote(name)}`);
    return undefined;
  }
  if (value === null) return frame.fail(`nil pointer evaluating interface {}.${name}`);
  const type = declaredType(value);
  const method = methodOf(type, name);
  if (method !== undefined && value instanceof GoNil && value.type.kind === "ptr") failNilMethod(frame, value, name);
  if (method !== undefined) return call(frame, access.dot, { name, function: method(value), final: access.final });
  if (value instanceof GoStruct && Object.hasOwn(value.fields, name)) {
    if (hasArguments) frame.fail(`${name} has arguments but cannot be invoked as function`);
    return value.fields[name];
  }
  if (isGoMap(value) || (value instanceof GoNil && value.type.kind === "map")) {
    if (hasArguments) frame.fail(`${name} is not a method but has arguments`);
    if (isGoMap(value) && Object.hasOwn(value, name)) return value[name];
    return missingField(frame, name, type?.elem ?? "interface {}");
  }
  const shown = shownType(value, access);
  if (value instanceof GoNil && value.type.kind === "ptr" && hasField(value.type, name)) {
    frame.fail(`nil pointer evaluating ${shown}.${name}`);
  }
  return frame.fail(`can't evaluate field ${name} in type ${shown}`);
}

/** Taken for granted where the type does not say. */
function hasField({ fields }: GoType, name: string): boolean {
  return fields === undefined || Object.hasOwn(fields, name);
}

function failNilMethod(frame: Frame, { type }: GoNil, name: string): never {
  const struct = type.name.replace(/^\*/u, "");
  const short = struct.slice(struct.lastIndexOf(".") + 1);
  return frame.fail(`error calling ${name}: value method ${struct}.${name} called using nil *${short} pointer`);
}

function missingField(frame: Frame, name: string, elementType: string): unknown {
  switch (frame.templates.missingKey) {
    case "zero":
      return zeroValue(elementType);
    case "error":
      return frame.fail(`map has no entry for key ${quote(name)}`);
    default:
      return undefined;
  }
}
