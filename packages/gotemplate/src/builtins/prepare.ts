// Arguments of `call` and keys of `index`: looser than arguments of functions, integers of any kind fit one another.
import type { NumberKind } from "../go-type.ts";
import { GoNumber, declaredType, goNumber, typeName } from "../value.ts";

const integers = /^u?int(?:8|16|32|64|ptr)?$/;
const nilable = /^(?:map\[|\[\]|\*|func\(|interface|reflect\.Value)/;

export function prepared(value: unknown, type: string): unknown {
  if (value === null || value === undefined) {
    if (!nilable.test(type)) throw new Error(`value is nil; should be of type ${type}`);
    return null;
  }
  const name = typeName(value);
  if (type === "interface {}" || type === "reflect.Value" || name === type) return value;
  if (declaredType(value)?.underlying === type) return value;
  const whole = value instanceof GoNumber ? value.value : value;
  if (typeof whole === "bigint" && integers.test(type)) return goNumber(type as NumberKind, whole);
  throw new Error(`value has type ${name}; should be ${type}`);
}
