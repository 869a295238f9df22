import { DecodeError } from "./decode-error.ts";
import { goTypeName, jsonTypeName } from "./go-type-name.ts";
import type { SchemaRef } from "./schema.ts";
import type { Shape, Struct } from "./shape.ts";

/** A walk through a value along its shape. Where it is is told only when something is wrong there. */
export interface Walk {
  readonly root: Struct;
  /** The Go type of the root. */
  readonly typeName: string;
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

/** `spec.containers[0].name` */
export function pathText({ path }: Walk): string {
  return path.reduce<string>((text, step) => (typeof step === "number" ? `${text}[${step}]` : inside(text, step)), "");
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
function goPath({ root, typeName, path }: Walk): string {
  let name = typeName;
  let fields = "";
  let shape: Shape | undefined = { type: "struct", reference: { ref: typeName }, struct: root };
  for (const step of path) {
    if (shape?.type === "struct") {
      if ("ref" in shape.reference) name = shape.reference.ref.slice(shape.reference.ref.lastIndexOf(".") + 1);
      fields = inside(fields, String(step));
      shape = shape.struct.fields.get(String(step))?.shape;
    } else if (shape?.type === "list" || shape?.type === "map") shape = shape.items;
  }
  return `${name}.${fields}`;
}

function inside(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
