import { type GoFunction, defineFunction, kindOf, typeName } from "@fairway/gotemplate";
import { deepEqual } from "./deep-equal.ts";
import { isEmpty } from "./empty.ts";

export const defaultFunctions: Readonly<Record<string, GoFunction>> = {
  default: defineFunction(["any", "...any"], "any", (fallback, ...given) => (isEmpty(given[0]) ? fallback : given[0])),
  empty: defineFunction(["any"], "bool", isEmpty),
  coalesce: defineFunction(["...any"], "any", (...items) => items.find((item) => !isEmpty(item)) ?? null),
  all: defineFunction(["...any"], "bool", (...items) => !items.some(isEmpty)),
  any: defineFunction(["...any"], "bool", (...items) => items.some((item) => !isEmpty(item))),
  ternary: defineFunction(["any", "any", "bool"], "any", (yes, no, condition) => (condition ? yes : no)),
};

export const typeFunctions: Readonly<Record<string, GoFunction>> = {
  kindOf: defineFunction(["any"], "string", kindOf),
  kindIs: defineFunction(["string", "any"], "bool", (kind, value) => kindOf(value) === kind),
  typeOf: defineFunction(["any"], "string", typeName),
  typeIs: defineFunction(["string", "any"], "bool", (name, value) => typeName(value) === name),
  typeIsLike: defineFunction(["string", "any"], "bool", (name, value) => {
    const found = typeName(value);
    return found === name || found === `*${name}`;
  }),
  deepEqual: defineFunction(["any", "any"], "bool", (left, right) => deepEqual(left, right)),
};
