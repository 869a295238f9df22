import { DecodeError } from "./decode-error.ts";
import { goTypeName, jsonTypeName } from "./go-type-name.ts";
import type { ObjectSchema, SchemaLibrary, SchemaRef } from "./schema.ts";
import { structOf, type Shape, type StructShape } from "./shape.ts";

/** A walk through a value along its shape. Where it is is told only when something is wrong there. */
export interface Walk {
  readonly root: StructShape;
  /** The names and indexes that lead to where the walk is. */
  readonly path: (string | number)[];
  /** The value may be changed, since nobody else has it. */
  readonly isOwned: boolean;
  readonly unknownFields: string[];
  /** The fields that were met so far, without those inside of what is not walked through. */
  fieldCount: number;
  /** What was not walked through: free values and unknown fields. */
  readonly passed: unknown[];
}

export function startWalk(
  schema: ObjectSchema,
  library: SchemaLibrary,
  { typeName, isOwned }: { readonly typeName: string; readonly isOwned: boolean },
): Walk {
  const root = { type: "struct", reference: schema, name: typeName, struct: structOf(schema, library) } as const;
  return { root, path: [], isOwned, unknownFields: [], fieldCount: 0, passed: [] };
}

/** The path of a field of where the walk is: `spec.containers[0].name` */
export function fieldPath({ path }: Walk, field: string): string {
  let text = "";
  for (const step of path) text = typeof step === "number" ? `${text}[${step}]` : inside(text, step);
  return inside(text, field);
}

/** The value has another type than the schema says. */
export function mismatch(reference: SchemaRef, value: unknown, walk: Walk): DecodeError {
  return unfit(jsonTypeName(value), reference, walk);
}

/** What was found can't be read as what the schema says. */
export function unfit(found: string, reference: SchemaRef, walk: Walk): DecodeError {
  return new DecodeError(
    "type",
    `json: cannot unmarshal ${found} into Go struct field ${goPath(walk)} of type ${goTypeName(reference)}`,
  );
}

/** The innermost struct and the fields that lead there, as Go's decoder names a place: `Container.spec.containers.name`. */
function goPath({ root, path }: Walk): string {
  let name = "";
  let fields = "";
  let shape: Shape | undefined = root;
  for (const step of path) {
    if (shape?.type === "struct") {
      name = shape.name ?? name;
      fields = inside(fields, String(step));
      shape = shape.struct.fields.get(String(step))?.shape;
    } else if (shape?.type === "list" || shape?.type === "map") shape = shape.items;
  }
  return `${name}.${fields}`;
}

function inside(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
