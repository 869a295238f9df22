// The functions that every template has.
import { type GoFunction, defineFunction } from "../go-function.ts";
import { sprint, sprintf, sprintln } from "../fmt/printf.ts";
import { isTrue } from "../value.ts";
import { equal, less, lessOrEqual } from "./compare.ts";
import { htmlEscape, jsEscape, queryEscape } from "./escape.ts";
import { indexValue, lengthOf, sliceValue } from "./index-value.ts";

const value = "reflect.Value";

function unreachable(): never {
  throw new Error("evaluated by the call itself");
}

/** These three are special to calls: what they do is in exec/call.ts. */
export const andFunction = defineFunction([value, `...${value}`], value, unreachable);
export const orFunction = defineFunction([value, `...${value}`], value, unreachable);
export const callFunction = defineFunction([value, `...${value}`], value, unreachable);

export const builtinFunctions: ReadonlyMap<string, GoFunction> = new Map([
  ["and", andFunction],
  ["or", orFunction],
  ["call", callFunction],
  ["not", defineFunction([value], "bool", (item) => !isTrue(item))],
  ["len", defineFunction([value], "int", lengthOf)],
  ["index", defineFunction([value, `...${value}`], value, indexValue)],
  ["slice", defineFunction([value, `...${value}`], value, sliceValue)],
  ["print", defineFunction(["...any"], "string", sprint)],
  ["printf", defineFunction(["string", "...any"], "string", sprintf)],
  ["println", defineFunction(["...any"], "string", sprintln)],
  ["html", defineFunction(["...any"], "string", htmlEscape)],
  ["js", defineFunction(["...any"], "string", jsEscape)],
  ["urlquery", defineFunction(["...any"], "string", queryEscape)],
  ["eq", defineFunction([value, `...${value}`], "bool", equal)],
  ["ne", defineFunction([value, value], "bool", (a, b) => !equal(a, b))],
  ["lt", defineFunction([value, value], "bool", less)],
  ["le", defineFunction([value, value], "bool", lessOrEqual)],
  ["gt", defineFunction([value, value], "bool", (a, b) => !lessOrEqual(a, b))],
  ["ge", defineFunction([value, value], "bool", (a, b) => !less(a, b))],
]);
