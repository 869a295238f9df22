import type { Kind } from "./kind.ts";

/** Which fields a write can't change, where the kind is not like most. */
export function resetFieldsOf(
  { resetFields }: Kind,
  subresource: string,
): { readonly resetFields?: readonly (readonly string[])[] } {
  const fields = subresource === "status" ? resetFields?.status : subresource === "" ? resetFields?.object : undefined;
  return fields ? { resetFields: fields } : {};
}
