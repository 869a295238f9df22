import type { ObjectSchema } from "../schema/schema.ts";

/** What most kinds do: a write of the whole object leaves `status` alone, a write of the status leaves `spec` alone. */
export function defaultResetFields(schema: ObjectSchema, subresource: string): readonly (readonly string[])[] {
  if (subresource === "status") return [["spec"]];
  return subresource === "" && Object.hasOwn(schema.fields, "status") ? [["status"]] : [];
}
