import {
  BOOL,
  BYTES,
  CelError,
  DOUBLE,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  struct,
  TIMESTAMP,
  type CelType,
  type StructFields,
} from "@fairway/cel";
import type { Kind, KindRegistry } from "../../kinds/index.ts";
import type { ScalarSchema, SchemaLibrary, SchemaRef } from "../../schema/schema.ts";
import { admissionEnvironment } from "../expressions/declared.ts";
import { declareVariables } from "./compiled-policy.ts";
import type { ValidatingPolicy } from "./policy-objects.ts";

export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

export interface KnownTypes {
  readonly kinds: KindRegistry;
  readonly library: SchemaLibrary;
}

/** A policy that is for more kinds is checked against the first of them. */
const kindsMax = 10;

/** What is wrong with the expressions of a policy, given the shapes of the kinds that it names. */
export function checkPolicyTypes(known: KnownTypes, policy: ValidatingPolicy): ExpressionWarning[] {
  const { validations = [] } = policy.spec;
  const expressions = validations.flatMap(({ expression, messageExpression }, index) => [
    { fieldRef: `spec.validations[${index}].expression`, text: expression },
    { fieldRef: `spec.validations[${index}].messageExpression`, text: messageExpression ?? "" },
  ]);
  const kinds = namedKinds(known.kinds, policy).slice(0, kindsMax);
  return expressions.flatMap(({ fieldRef, text }) => {
    if (text === "") return [];
    const faults = kinds.flatMap((kind) => faultOf(known, policy, kind, text) ?? []);
    return faults.length === 0 ? [] : [{ fieldRef, warning: faults.join("") }];
  });
}

/** Rules with a `*` are for kinds that nobody knows yet. */
function namedKinds(kinds: KindRegistry, { spec }: ValidatingPolicy): Kind[] {
  const found = new Set<Kind>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of spec.matchConstraints?.resourceRules ?? []) {
    if ([...apiGroups, ...apiVersions, ...resources].some((name) => name.includes("*"))) continue;
    for (const group of apiGroups) {
      for (const version of apiVersions) {
        for (const plural of resources) {
          const kind = kinds.byResource(group, version, plural);
          if (kind !== undefined) found.add(kind);
        }
      }
    }
  }
  return [...found];
}

function faultOf(known: KnownTypes, policy: ValidatingPolicy, kind: Kind, text: string): string | undefined {
  const structs: Record<string, StructFields> = {};
  const object = typeOf(known.library, structs, kind.schema, kind.kind);
  const types: Record<string, CelType> = {};
  for (const { name, compiled } of declareVariables(policy.spec).variables) {
    types[name] = "program" in compiled ? compiled.program.type : DYN;
  }
  const hasParams = policy.spec.paramKind !== undefined;
  const environment = admissionEnvironment({ hasParams, variables: types, structs, object });
  try {
    environment.compile(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const group = kind.group === "" ? "" : kind.group;
    return `${group}/${kind.version}, Kind=${kind.kind}: ${error.message}\n`;
  }
}

/** The type of a shape; those with fields are declared by name on the way, so that they may contain themselves. */
function typeOf(library: SchemaLibrary, structs: Record<string, StructFields>, ref: SchemaRef, place: string): CelType {
  const schema = library.resolve(ref);
  switch (schema.type) {
    case "object": {
      if (schema.open === true && Object.keys(schema.fields).length === 0) return DYN;
      const name = "ref" in ref ? ref.ref : `object.${place}`;
      if (structs[name] === undefined) {
        const fields: Record<string, CelType> = {};
        structs[name] = fields;
        for (const [field, inner] of Object.entries(schema.fields)) {
          fields[field] = typeOf(library, structs, inner, `${place}.${field}`);
        }
      }
      return struct(name);
    }
    case "map":
      return mapOf(STRING, typeOf(library, structs, schema.values, `${place}.@values`));
    case "list":
      return listOf(typeOf(library, structs, schema.items, `${place}.@items`));
    case "any":
      return DYN;
    default:
      return scalarOf(schema);
  }
}

function scalarOf({ type, format }: ScalarSchema): CelType {
  if (format === "int-or-string" || format === "quantity") return DYN;
  if (format === "byte") return BYTES;
  if (format === "date-time" || format === "micro-time") return TIMESTAMP;
  return { string: STRING, integer: INT, number: DOUBLE, boolean: BOOL }[type];
}
