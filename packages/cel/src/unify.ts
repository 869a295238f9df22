import { DYN, isOptional, sameType } from "./cel-type.ts";
import type { CelType } from "./cel-type.ts";

/** What type parameters stand for. */
export type Bindings = ReadonlyMap<string, CelType>;

/** The bindings with which a value of the one type can be used as the other; undefined when it can't. */
export function assign(bindings: Bindings, from: readonly CelType[], to: readonly CelType[]): Bindings | undefined {
  const trial = new Map(bindings);
  return assignAll(trial, from, to) ? trial : undefined;
}

function assignAll(bindings: Map<string, CelType>, from: readonly CelType[], to: readonly CelType[]): boolean {
  return from.length === to.length && from.every((type, index) => assignOne(bindings, type, to[index] ?? DYN));
}

function assignOne(bindings: Map<string, CelType>, left: CelType, right: CelType): boolean {
  if (right.kind === "param") {
    const outcome = bindParam(bindings, left, right);
    if (outcome !== "unbound") return outcome === "fits";
  }
  if (left.kind === "param") return bindParam(bindings, right, left) === "fits";
  if (isWild(left) || isWild(right)) return true;
  if (left.kind === "null") return isNullable(right);
  if (right.kind === "null") return isNullable(left);
  if (left.kind === "type") return right.kind === "type";
  return left.kind === right.kind && left.name === right.name && assignAll(bindings, left.params, right.params);
}

function isWild(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "error";
}

function isNullable(type: CelType): boolean {
  return ["null", "opaque", "struct", "duration", "timestamp"].includes(type.kind);
}

/** `unbound`: it can't stand for the type, and stands for nothing yet. */
function bindParam(bindings: Map<string, CelType>, type: CelType, param: CelType): "fits" | "differs" | "unbound" {
  if (sameType(type, param)) return "fits";
  const bound = bindings.get(param.name);
  if (bound === undefined) {
    if (!isFree(bindings, param, type)) return "unbound";
    bindings.set(param.name, type);
    return "fits";
  }
  if (sameType(type, bound)) return "fits";
  if (!assignOne(bindings, type, bound)) return "differs";
  const general = mostGeneral(type, bound);
  if (isFree(bindings, param, general)) bindings.set(param.name, general);
  return "fits";
}

/** Whether the parameter doesn't occur in the type, which would have no end. */
function isFree(bindings: Bindings, param: CelType, type: CelType): boolean {
  if (sameType(param, type)) return false;
  if (type.kind === "param") {
    const bound = bindings.get(type.name);
    return bound === undefined || isFree(bindings, param, bound);
  }
  return type.params.every((inner) => isFree(bindings, param, inner));
}

export function mostGeneral(left: CelType, right: CelType): CelType {
  return isLessSpecific(left, right) ? left : right;
}

function isLessSpecific(left: CelType, right: CelType): boolean {
  if (left.kind === "dyn" || left.kind === "param") return true;
  if (right.kind === "dyn" || right.kind === "param") return false;
  if (left.kind !== right.kind) return false;
  if (left.kind === "type") return true;
  if (left.name !== right.name || left.params.length !== right.params.length) return false;
  return left.params.every((param, index) => isLessSpecific(param, right.params[index] ?? DYN));
}

/** The type with its parameters replaced by what they stand for; with `freeToDyn` those that stand for nothing become dynamic. */
export function substitute(bindings: Bindings, type: CelType, freeToDyn = false): CelType {
  if (type.kind === "param") {
    const bound = bindings.get(type.name);
    if (bound !== undefined) return substitute(bindings, bound, freeToDyn);
    return freeToDyn ? DYN : type;
  }
  if (type.params.length === 0) return type;
  return { ...type, params: type.params.map((param) => substitute(bindings, param, freeToDyn)) };
}

export function unwrapOptional(type: CelType): { readonly type: CelType; readonly wasOptional: boolean } {
  return isOptional(type) ? { type: type.params[0] ?? DYN, wasOptional: true } : { type, wasOptional: false };
}
