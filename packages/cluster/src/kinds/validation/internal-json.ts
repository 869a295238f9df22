/**
 * A struct as some messages show it: by the names that the server itself has for the fields, which begin with a capital, and with all
 * that is not set.
 */
export function internalJson(
  value: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  zeros: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [capitalised(field), value[field] ?? zeros[field] ?? null]));
}

const initialisms: Readonly<Record<string, string>> = { seLinuxOptions: "SELinuxOptions" };

function capitalised(field: string): string {
  return initialisms[field] ?? `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}
