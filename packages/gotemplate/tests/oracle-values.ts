// The typed values and functions of the oracle's cases: twins of those in testdata/oracle/values.go.
import {
  type GoMap,
  type GoType,
  type NumberKind,
  type GoFunction,
  FunctionTable,
  GoNil,
  GoNumber,
  GoStruct,
  bytesToString,
  defineContextFunction,
  defineFunction,
  goNumber,
  isGoMap,
  mapSet,
  mapType,
  sliceType,
  sprint,
  typeName,
  withType,
} from "../src/index.ts";

function fieldsOf(receiver: unknown): Readonly<GoMap> {
  if (!(receiver instanceof GoStruct)) throw new TypeError("method of a struct called on something else");
  return receiver.fields;
}

const personMethods: GoType["methods"] = {
  Greet: (p) => defineFunction(["string"], "string", (greeting) => `${greeting}, ${String(fieldsOf(p)["Name"])}`),
  Sum: () => defineFunction(["int", "...int"], "int", (first, ...rest) => rest.reduce((sum, n) => sum + n, first)),
  Fail: () =>
    defineFunction([], "string", () => {
      throw new Error("person failed");
    }),
  Self: (p) => defineFunction([], "main.Person", () => new GoStruct(personType, fieldsOf(p))),
  Plain: () => defineFunction([], "string", () => "plain"),
};
const personFields = { Name: "string", Age: "int", Tags: "[]string", Any: "interface {}" };
const personType: GoType = { name: "main.Person", kind: "struct", fields: personFields, methods: personMethods };
const personPointerType: GoType = { name: "*main.Person", kind: "ptr", fields: personFields, methods: personMethods };

const labeledMethods: GoType["methods"] = {
  String: (l) => defineFunction([], "string", () => `<${String(fieldsOf(l)["Label"])}>`),
};
const labeledType: GoType = { name: "main.Labeled", kind: "struct", methods: labeledMethods };
const labeledPointerType: GoType = { name: "*main.Labeled", kind: "ptr", methods: labeledMethods };
const brokenType: GoType = {
  name: "main.Broken",
  kind: "struct",
  methods: { Error: (b) => defineFunction([], "string", () => `broken: ${String(fieldsOf(b)["Reason"])}`) },
};
const secondsType: GoType = {
  name: "main.Seconds",
  kind: "int64",
  methods: {
    String: (s) => defineFunction([], "string", () => (s instanceof GoNumber ? `${s.value}s` : "")),
  },
};
const valuesType: GoType = {
  name: "main.Values",
  kind: "map",
  underlying: "map[string]interface {}",
  methods: { Has: (v) => defineFunction(["string"], "bool", (key) => isGoMap(v) && Object.hasOwn(v, key)) },
};
const versionsType: GoType = {
  name: "main.Versions",
  kind: "slice",
  elem: "string",
  underlying: "[]string",
  methods: { Has: (v) => defineFunction(["string"], "bool", (version) => Array.isArray(v) && v.includes(version)) },
};

const add = defineFunction(["int", "int"], "int", (a, b) => a + b);

const plainFunctions: Readonly<Record<string, GoFunction>> = {
  upper: defineFunction(["string"], "string", (s) => s.toUpperCase()),
  join: defineFunction(["string", "[]string"], "string", (separator, items) => items.join(separator)),
  add,
  sum: defineFunction(["...int"], "int", (...items) => items.reduce((sum, n) => sum + n, 0n)),
  half: defineFunction(["float64"], "float64", (f) => f / 2),
  same: defineFunction(["any"], "any", (v) => v),
  nothing: defineFunction([], "any", () => null),
  yes: defineFunction(["bool"], "bool", (b) => b),
  keysof: defineFunction(["map[string]any"], "int", (m) => BigInt(Object.keys(m).length)),
  count: defineFunction(["[]any"], "int", (l) => BigInt(l.length)),
  list: defineFunction(["...any"], "[]any", (...items) => items),
  dict: defineFunction(["...any"], "map[string]any", dict),
  small: defineFunction(["int8", "uint16"], "string", (n, m) => sprint(n, " ", m)),
  wide: defineFunction(["int64"], "int64", (n) => n),
  fail: defineFunction(["string"], "string", fail),
  panics: defineFunction(["string"], "string", fail),
  first: defineFunction(["string", "...any"], "string", (prefix, ...items) => sprint(prefix, ...items)),
  typeof: defineFunction(["any"], "string", (v) => typeName(v)),
  person: defineFunction(["main.Person"], "string", (p) => fieldsOf(p)["Name"]),
  adder: defineFunction(["int"], "func(int) int", (a) => defineFunction(["int"], "int", (b) => a + b)),
  names: defineFunction([], "[]string", () => withType(sliceType("string"), ["x", "y"])),
};

export const oracleFunctions = new FunctionTable({
  ...plainFunctions,
  include: defineContextFunction(["string", "any"], "string", (context, name, data) => context.execute(name, data)),
});

function fail(message: string): never {
  throw new Error(message);
}

function dict(...pairs: unknown[]): GoMap {
  const map: GoMap = {};
  for (let at = 0; at + 1 < pairs.length; at += 2) mapSet(map, sprint(pairs[at]), pairs[at + 1]);
  return map;
}

/** A value of the cases; `{"$": type, "v": ...}` names the type. */
export function decodeValue(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(decodeValue);
  if (!isGoMap(json)) return json;
  const type = json["$"];
  return typeof type === "string" ? decodeTyped(type, json["v"]) : decodeMap(json);
}

function decodeMap(json: unknown, convert: (value: unknown) => unknown = decodeValue): GoMap {
  const map: GoMap = {};
  for (const [key, value] of Object.entries(json ?? {})) mapSet(map, key, convert(value));
  return map;
}

function decodeTyped(type: string, json: unknown): unknown {
  if (type.startsWith("nil ")) return decodeNil(type.slice(4));
  const text = typeof json === "string" ? json : "";
  switch (type) {
    case "float32":
    case "float64":
      return goNumber(type, Number(text.replace("Inf", "Infinity")));
    case "bytes":
      return Uint8Array.from(Buffer.from(text, "base64"));
    case "raw":
      return bytesToString(Buffer.from(text, "base64"));
    case "Seconds":
      return new GoNumber("int64", BigInt(text), secondsType);
    case "Labeled":
      return new GoStruct(labeledType, { Label: text });
    case "*Labeled":
      return new GoStruct(labeledPointerType, { Label: text });
    case "Broken":
      return new GoStruct(brokenType, { Reason: text });
    case "Person":
      return person(personType, json);
    case "*Person":
      return person(personPointerType, json);
    case "func":
      return plainFunctions[text];
    default:
      return decodeContainer(type, json) ?? goNumber(type as NumberKind, BigInt(text));
  }
}

function decodeContainer(type: string, json: unknown): unknown {
  const items: unknown[] = Array.isArray(json) ? json : [];
  switch (type) {
    case "[]string":
      return withType(sliceType("string"), [...items]);
    case "[]int":
      return withType(sliceType("int"), items.map(whole));
    case "map[string]string":
      return withType(mapType("string"), decodeMap(json));
    case "map[string]int":
      return withType(mapType("int"), decodeMap(json, whole));
    case "Values":
      return withType(valuesType, decodeMap(json));
    case "Versions":
      return withType(versionsType, [...items]);
    default:
      return undefined;
  }
}

function whole(text: unknown): bigint {
  return BigInt(String(text));
}

function person(type: GoType, json: unknown): GoStruct {
  const { Name, Age, Tags, Any } = decodeMap(json);
  return new GoStruct(type, { Name, Age, Tags: Tags ?? new GoNil(sliceType("string")), Any: Any ?? null });
}

function decodeNil(name: string): GoNil {
  if (name === "*main.Person") return new GoNil(personPointerType);
  if (name.startsWith("map[string]")) return new GoNil(mapType(name.slice("map[string]".length)));
  return new GoNil(sliceType(name.slice(2)));
}
