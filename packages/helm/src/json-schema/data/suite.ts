/** Behaviours of JSON Schema by draft, each with values on both sides. */
export interface SuiteEntry {
  readonly draft: 4 | 6 | 7 | 2019 | 2020;
  readonly subject: string;
  readonly schema: unknown;
  readonly fits: readonly unknown[];
  readonly fails: readonly unknown[];
}

const four = "http://json-schema.org/draft-04/schema#";
const six = "http://json-schema.org/draft-06/schema#";
const seven = "http://json-schema.org/draft-07/schema#";
const nineteen = "https://json-schema.org/draft/2019-09/schema";
const twenty = "https://json-schema.org/draft/2020-12/schema";

/** An object with a method-like key `then` would pass for a promise, so it is put together here. */
function conditional(test: unknown, branches: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return { if: test, ...Object.fromEntries(branches) };
}

export const suite: readonly SuiteEntry[] = [
  {
    draft: 4,
    subject: "exclusiveMaximum is a flag",
    schema: { $schema: four, maximum: 3, exclusiveMaximum: true },
    fits: [2.9, "x"],
    fails: [3],
  },
  {
    draft: 4,
    subject: "$ref hides the keywords beside it",
    schema: {
      $schema: four,
      definitions: { a: { type: "integer" } },
      properties: { x: { $ref: "#/definitions/a", maximum: 1 } },
    },
    fits: [{ x: 5 }],
    fails: [{ x: "a" }],
  },
  {
    draft: 4,
    subject: "id changes the base of references",
    schema: {
      $schema: four,
      id: "http://example.com/root/",
      definitions: {
        a: { id: "sub/", definitions: { b: { type: "string" } }, properties: { x: { $ref: "#/definitions/b" } } },
      },
      properties: { y: { $ref: "sub/" } },
    },
    fits: [{ y: { x: "s" } }],
    fails: [{ y: { x: 1 } }],
  },
  {
    draft: 4,
    subject: "items by position and additionalItems",
    schema: { $schema: four, items: [{ type: "integer" }], additionalItems: { type: "string" } },
    fits: [[], [1], [1, "a"]],
    fails: [["a"], [1, 2]],
  },
  {
    draft: 4,
    subject: "dependencies name properties or schemas",
    schema: { $schema: four, dependencies: { a: ["b"], c: { required: ["d"] } } },
    fits: [{}, { a: 1, b: 1 }, { c: 1, d: 1 }],
    fails: [{ a: 1 }, { c: 1 }],
  },
  {
    draft: 4,
    subject: "const is unknown",
    schema: { $schema: four, const: 5 },
    fits: [6],
    fails: [],
  },
  {
    draft: 6,
    subject: "contains, propertyNames and const",
    schema: {
      $schema: six,
      properties: { l: { contains: { const: 2 } }, o: { propertyNames: { maxLength: 2 } } },
    },
    fits: [{ l: [1, 2] }, { l: [2.0] }, { o: { ab: 1 } }],
    fails: [{ l: [] }, { l: [1] }, { o: { abc: 1 } }],
  },
  {
    draft: 6,
    subject: "if is unknown",
    schema: { $schema: six, ...conditional(true, [["then", false]]) },
    fits: [1],
    fails: [],
  },
  {
    draft: 6,
    subject: "true and false are schemas",
    schema: { $schema: six, properties: { no: false, yes: true } },
    fits: [{ yes: 1 }],
    fails: [{ no: 1 }],
  },
  {
    draft: 7,
    subject: "if chooses between then and else",
    schema: {
      $schema: seven,
      ...conditional({ properties: { k: { const: 1 } } }, [
        ["then", { required: ["a"] }],
        ["else", { required: ["b"] }],
      ]),
    },
    fits: [
      { k: 1, a: 1 },
      { k: 2, b: 1 },
    ],
    fails: [{ k: 1, b: 1 }, { k: 2 }],
  },
  {
    draft: 7,
    subject: "formats are checked",
    schema: {
      $schema: seven,
      properties: {
        mail: { format: "email" },
        uri: { format: "uri" },
        ip: { format: "ipv4" },
        ip6: { format: "ipv6" },
        host: { format: "hostname" },
        day: { format: "date" },
        at: { format: "date-time" },
        ptr: { format: "json-pointer" },
        id: { format: "uuid" },
        for: { format: "duration" },
        other: { format: "made-up" },
      },
    },
    fits: [
      { mail: "a@b.c", uri: "urn:x:y", ip: "10.0.0.1", ip6: "::ffff:1.2.3.4", host: "a-b.example" },
      { day: "2024-02-29", at: "2024-01-01T23:59:60Z", ptr: "/a~1b", id: "2eb8aa08-aa98-11ea-b4aa-73b441d16380" },
      { for: "P1DT2H", other: "x", mail: 5 },
    ],
    fails: [
      { mail: "a" },
      { uri: "a/b" },
      { ip: "1.2.3" },
      { ip: "01.2.3.4" },
      { ip6: "1::2::3" },
      { host: "-a" },
      { day: "2023-02-29" },
      { at: "2024-01-01 00:00:00Z" },
      { ptr: "/~2" },
      { id: "2eb8aa08" },
      { for: "PT" },
    ],
  },
  {
    draft: 2019,
    subject: "$recursiveRef goes to the outermost recursive anchor",
    schema: {
      $schema: nineteen,
      $id: "http://example.com/strict",
      $recursiveAnchor: true,
      $ref: "tree",
      unevaluatedProperties: false,
      $defs: {
        tree: {
          $id: "tree",
          $recursiveAnchor: true,
          type: "object",
          properties: { data: true, children: { items: { $recursiveRef: "#" } } },
        },
      },
    },
    fits: [{ data: 1, children: [{ data: 2 }] }],
    fails: [{ children: [{ daat: 1 }] }, { x: 1 }],
  },
  {
    draft: 2019,
    subject: "keywords beside $ref count, unevaluatedProperties sees through it",
    schema: {
      $schema: nineteen,
      $defs: { base: { properties: { a: { type: "string" } } } },
      $ref: "#/$defs/base",
      properties: { b: true },
      unevaluatedProperties: false,
    },
    fits: [{ a: "x", b: 1 }],
    fails: [{ a: 1 }, { c: 1 }],
  },
  {
    draft: 2019,
    subject: "dependentRequired, dependentSchemas, minContains, maxContains",
    schema: {
      $schema: nineteen,
      dependentRequired: { a: ["b"] },
      dependentSchemas: { c: { required: ["d"] } },
      properties: { l: { contains: { type: "string" }, minContains: 2, maxContains: 3 } },
    },
    fits: [{ a: 1, b: 1 }, { c: 1, d: 1 }, { l: ["x", "y", 1] }],
    fails: [{ a: 1 }, { c: 1 }, { l: ["x"] }, { l: ["a", "b", "c", "d"] }],
  },
  {
    draft: 2019,
    subject: "formats are only said, not checked",
    schema: { $schema: nineteen, format: "email" },
    fits: ["nobody"],
    fails: [],
  },
  {
    draft: 2020,
    subject: "prefixItems, then items",
    schema: { $schema: twenty, prefixItems: [{ type: "integer" }], items: { type: "string" } },
    fits: [[], [1], [1, "a"]],
    fails: [["a"], [1, 2]],
  },
  {
    draft: 2020,
    subject: "unevaluatedItems after contains and prefixItems",
    schema: {
      $schema: twenty,
      prefixItems: [true],
      contains: { type: "string" },
      unevaluatedItems: { type: "integer" },
    },
    fits: [[{}, "a", 1]],
    fails: [[1, "a", {}]],
  },
  {
    draft: 2020,
    subject: "$dynamicRef finds the outermost $dynamicAnchor",
    schema: {
      $schema: twenty,
      $id: "http://example.com/strings",
      $ref: "list",
      $defs: {
        item: { $dynamicAnchor: "item", type: "string" },
        list: { $id: "list", items: { $dynamicRef: "#item" }, $defs: { any: { $dynamicAnchor: "item" } } },
      },
    },
    fits: [["a"]],
    fails: [[1]],
  },
  {
    draft: 2020,
    subject: "a schema without $schema is of this draft",
    schema: { $defs: { a: { $anchor: "here", type: "integer" } }, properties: { x: { $ref: "#here", minimum: 3 } } },
    fits: [{ x: 3 }],
    fails: [{ x: 2 }, { x: "a" }],
  },
  {
    draft: 2020,
    subject: "oneOf wants exactly one, anyOf at least one, allOf all, not none",
    schema: {
      properties: {
        one: { oneOf: [{ minimum: 5 }, { multipleOf: 3 }] },
        any: { anyOf: [{ minimum: 5 }, { multipleOf: 3 }] },
        all: { allOf: [{ minimum: 5 }, { multipleOf: 3 }] },
        not: { not: { type: "string" } },
      },
    },
    fits: [{ one: 5 }, { one: 3 }, { any: 6 }, { all: 6 }, { not: 1 }],
    fails: [{ one: 6 }, { one: 1 }, { any: 1 }, { all: 5 }, { not: "a" }],
  },
  {
    draft: 2020,
    subject: "numbers are exact",
    schema: { properties: { m: { multipleOf: 0.01 }, i: { type: "integer" }, e: { enum: [1, 2.5] } } },
    fits: [{ m: 19.99 }, { i: 1e20 }, { i: 3.0 }, { e: 1.0 }],
    fails: [{ m: 0.005 }, { i: 1.5 }, { e: 2 }],
  },
  {
    draft: 2020,
    subject: "equality and uniqueness are by value",
    schema: { properties: { u: { uniqueItems: true }, c: { const: { a: [1, { b: null }] } } } },
    fits: [{ u: [1, "1", true, [1], { a: 1 }] }, { c: { a: [1, { b: null }] } }],
    fails: [
      { u: [1, 1.0] },
      {
        u: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      },
      { c: { a: [1, {}] } },
    ],
  },
];
