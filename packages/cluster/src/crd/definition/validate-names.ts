import { invalid } from "../../kinds/validation/errors.ts";
import { dns1035Label } from "../../kinds/validation/names.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { CustomResourceDefinitionNames } from "../../schema/data/types/apiextensions-v1.ts";

/** What is wrong with names that are there. */
export function validateNames(names: CustomResourceDefinitionNames, field: string): FieldError[] {
  const { plural, singular = "", kind, listKind = "", shortNames = [], categories = [] } = names;
  const errors: FieldError[] = [];
  const check = (name: string, at: string): void => {
    const problems = dns1035Label(name);
    if (problems.length > 0) errors.push(invalid(`${field}.${at}`, name, problems.join(",")));
  };
  const checkKind = (name: string, at: string): void => {
    const problems = dns1035Label(name.toLowerCase());
    if (problems.length > 0)
      errors.push(
        invalid(`${field}.${at}`, name, `may have mixed case, but should otherwise match: ${problems.join(",")}`),
      );
  };
  if (plural !== "") check(plural, "plural");
  if (singular !== "") check(singular, "singular");
  if (kind !== "") checkKind(kind, "kind");
  if (listKind !== "") checkKind(listKind, "listKind");
  for (const [index, name] of shortNames.entries()) check(name, `shortNames[${index}]`);
  if (kind !== "" && kind === listKind)
    errors.push(invalid(`${field}.listKind`, listKind, "kind and listKind may not be the same"));
  for (const [index, name] of categories.entries()) check(name, `categories[${index}]`);
  return errors;
}
