import type { ObjectSchema } from "../schema/schema.ts";
import { FieldSet } from "./field-set.ts";

interface Written {
  readonly schema: ObjectSchema;
  readonly subresource?: string;
  /** What the kind says, where it is not like most. */
  readonly resetFields?: readonly (readonly string[])[];
}

/** What a write can't change, with all that is below it. */
export function resetFieldsOf({ schema, subresource = "", resetFields }: Written): FieldSet {
  const paths = resetFields ?? defaultResetFields(schema, subresource);
  let set = known.get(paths);
  if (set === undefined) {
    set = FieldSet.of(...paths.map((path) => path.map((name) => `f:${name}`)));
    known.set(paths, set);
  }
  return set;
}

/** Kinds say the same each time. */
const known = new WeakMap<readonly (readonly string[])[], FieldSet>();

const NOTHING = [] as const;
const SPEC = [["spec"]] as const;
const STATUS = [["status"]] as const;

/** What most kinds do: a write of the whole object leaves `status` alone, a write of the status leaves `spec` alone. */
function defaultResetFields(schema: ObjectSchema, subresource: string): readonly (readonly string[])[] {
  if (subresource === "status") return SPEC;
  return subresource === "" && Object.hasOwn(schema.fields, "status") ? STATUS : NOTHING;
}
