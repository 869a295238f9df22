// call: runs a function that is a value.
import type { CallContext } from "../call-context.ts";
import { GoFunction } from "../go-function.ts";
import { typeName } from "../value.ts";
import { prepared } from "./prepare.ts";

export function invokeValue(context: CallContext, name: string, [callee, ...args]: readonly unknown[]): unknown {
  if (callee === null || callee === undefined) throw new Error("call of nil");
  if (!(callee instanceof GoFunction)) throw new Error(`non-function ${name} of type ${typeName(callee)}`);
  const { params, variadic } = callee;
  if (variadic === undefined && args.length !== params.length) {
    throw new Error(`wrong number of args for ${name}: got ${args.length} want ${params.length}`);
  }
  if (args.length < params.length) {
    throw new Error(`wrong number of args for ${name}: got ${args.length} want at least ${params.length}`);
  }
  const values = args.map((arg, index) => argument(arg, index, params[index] ?? variadic ?? "interface {}"));
  return callee.invoke(context, ...values);
}

function argument(value: unknown, index: number, type: string): unknown {
  try {
    return prepared(value, type);
  } catch (error) {
    throw new Error(`arg ${index}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
