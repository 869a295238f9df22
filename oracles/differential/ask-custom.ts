import type { Case, CaseStep } from "./case.ts";
import { randomSchema, fieldNames } from "./custom-schemas.ts";
import { anyValues, schemaParts } from "./data/custom.ts";
import type { Dice } from "./dice.ts";
import { edited, isMap, type JsonMap, type Steps } from "./edit.ts";
import { placesOf } from "./mutations.ts";

/** A kind that the case itself defines, and objects of it, good and bad. */
export function customCase(dice: Dice, number: number): Case {
  const schema = dice.oneIn(4) ? spoilt(dice, randomSchema(dice)) : randomSchema(dice);
  const group = "$ns.example.com";
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const collection = `/apis/${group}/v1/namespaces/$ns/odds`;
  const hasStatus = dice.oneIn(4);
  const asker = new Asker(dice, { schema, group, collection, hasStatus });
  const steps = Array.from({ length: 6 }, () => asker.question());
  return {
    number,
    subject: "custom",
    manner: "custom",
    steps: [
      { method: "POST", path: definitions, body: definitionOf(group, schema, hasStatus) },
      { method: "GET", path: collection, isAwaited: true },
      asker.creation("a", "good"),
      ...steps,
      { method: "GET", path: `${collection}/a` },
      { method: "DELETE", path: `${definitions}/odds.${group}` },
    ],
  };
}

function definitionOf(group: string, spec: JsonMap, hasStatus: boolean): JsonMap {
  const fields = { spec, ...(hasStatus && { status: spec }) };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `odds.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Odd", plural: "odds", singular: "odd", listKind: "OddList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: fields } },
          ...(hasStatus && { subresources: { status: {} } }),
        },
      ],
    },
  };
}

/** A schema with a part that is wrong there, or only unusual. */
function spoilt(dice: Dice, schema: JsonMap): JsonMap {
  const places = placesOf(schema).filter((steps) => isSchemaPlace(steps));
  const place = dice.pick(places) ?? [];
  const part = dice.pick(schemaParts);
  const edit = part && !dice.oneIn(8) ? { set: [...place, part[0]], to: part[1] } : { remove: [...place, "type"] };
  return edited(schema, [edit]) as JsonMap;
}

function isSchemaPlace(steps: Steps): boolean {
  const [last, before] = [steps.at(-1), steps.at(-2)];
  return steps.length === 0 || last === "items" || last === "additionalProperties" || before === "properties";
}

interface Custom {
  readonly schema: JsonMap;
  readonly group: string;
  readonly collection: string;
  readonly hasStatus: boolean;
}

type Quality = "good" | "odd";

class Asker {
  readonly #dice: Dice;
  readonly #custom: Custom;

  constructor(dice: Dice, custom: Custom) {
    this.#dice = dice;
    this.#custom = custom;
  }

  creation(name: string, quality: Quality): CaseStep {
    return { method: "POST", path: this.#path(""), body: this.#object(name, quality) };
  }

  question(): CaseStep {
    const dice = this.#dice;
    const name = dice.pick(["a", "a", "b"]);
    const quality = dice.oneIn(2) ? "odd" : "good";
    const status = this.#custom.hasStatus && dice.oneIn(4) ? "/status" : "";
    const path = this.#path(`/${name}${status}`);
    switch (dice.below(5)) {
      case 0:
        return this.creation(name === "a" ? "c" : name, quality);
      case 1:
        return { method: "PUT", path, ofLast: true, edits: [{ set: ["spec"], to: this.#value(quality) }] };
      case 2:
        return {
          method: "PATCH",
          path,
          headers: { "content-type": "application/merge-patch+json" },
          body: { [status === "" ? "spec" : "status"]: this.#value(quality) },
        };
      case 3:
        return {
          method: "PATCH",
          path: `${path}${path.includes("?") ? "&" : "?"}fieldManager=${dice.pick(["m", "n"])}${dice.oneIn(2) ? "&force=true" : ""}`,
          headers: { "content-type": "application/apply-patch+yaml" },
          body: this.#object(name, quality),
        };
      default:
        return { method: "GET", path };
    }
  }

  #path(rest: string): string {
    const validation = this.#dice.pick(["", "", "?fieldValidation=Strict", "?fieldValidation=Ignore"]);
    return `${this.#custom.collection}${rest}${validation}`;
  }

  #object(name: string, quality: Quality): JsonMap {
    const { group, hasStatus } = this.#custom;
    return {
      apiVersion: `${group}/v1`,
      kind: "Odd",
      metadata: { name },
      spec: this.#value(quality),
      ...(hasStatus && this.#dice.oneIn(2) && { status: this.#value(quality) }),
    };
  }

  #value(quality: Quality): unknown {
    return valueOf(this.#dice, this.#custom.schema, quality);
  }
}

/** A value that mostly fits a schema; of odd ones some part doesn't. */
function valueOf(dice: Dice, schema: unknown, quality: Quality): unknown {
  const isWild = !isMap(schema) || (quality === "odd" && dice.oneIn(9));
  if (isWild) return dice.pick(anyValues);
  const { type, items, properties, additionalProperties: others, enum: values } = schema;
  if (Array.isArray(values) && !dice.oneIn(6)) return dice.pick(values);
  if (type === "object" && isMap(others))
    return Object.fromEntries(["a", "b"].slice(dice.below(3)).map((key) => [key, valueOf(dice, others, quality)]));
  if (type === "object" && isMap(properties)) return objectOf(dice, schema, quality);
  if (type === "array")
    return Array.from({ length: dice.below(4) }, () => valueOf(dice, Array.isArray(items) ? items[0] : items, quality));
  return scalarOf(dice, type);
}

function objectOf(dice: Dice, { properties, required }: JsonMap, quality: Quality): JsonMap {
  const fields = isMap(properties) ? Object.entries(properties) : [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const given = fields.filter(([name]) =>
    needed.includes(name) ? quality === "good" || !dice.oneIn(5) : !dice.oneIn(3),
  );
  const extra = quality === "odd" && dice.oneIn(3) ? { [dice.pick(fieldNames)]: dice.pick(anyValues) } : {};
  return { ...Object.fromEntries(given.map(([name, each]) => [name, valueOf(dice, each, quality)])), ...extra };
}

function scalarOf(dice: Dice, type: unknown): unknown {
  switch (type) {
    case "string":
      return dice.pick(anyValues.filter((each) => typeof each === "string"));
    case "integer":
      return dice.pick([0, 1, 2, 3, 6, 7, -3, 2147483648]);
    case "number":
      return dice.pick([0, 1, 1.5, 2, 3, -3, 1e20]);
    case "boolean":
      return dice.oneIn(2);
    case "object":
      return dice.pick([{}, { a: 1 }, { kind: "Pod", apiVersion: "v1", metadata: { name: "x" } }]);
    default:
      return dice.pick([...anyValues]);
  }
}
