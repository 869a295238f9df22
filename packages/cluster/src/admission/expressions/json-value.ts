import { CelMap, CelObject, readTimestamp, type Value } from "@fairway/cel";

/** JSON without a schema, as expressions see it: whole numbers are integers. */
export function dynamicValue(value: unknown): Value {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(dynamicValue);
      return new CelMap(Object.entries(value).map(([key, each]): [Value, Value] => [key, dynamicValue(each)]));
    default:
      return null;
  }
}

type Fields = Readonly<Record<string, Value | undefined>>;

/** A value of a declared type; fields that aren't set are none. */
export function typedValue(type: string, fields: Fields): CelObject {
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return new CelObject(type, names, (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined));
}

export function timeValue(text: string | undefined): Value | undefined {
  return text === undefined ? undefined : readTimestamp(text);
}
