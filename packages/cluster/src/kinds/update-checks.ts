import type { FieldError } from "../object/field-error.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { validateMetadata, validateMetadataUpdate } from "./validation/metadata.ts";
import type { MetadataRules } from "./validation/metadata.ts";
import { pathSegmentName } from "./validation/names.ts";

/**
 * What an update is held against, in the order in which its faults are said: `new` the metadata as if they were new, `change` what became of
 * the metadata, `whole` the object as if it were new, `rest` what the kind says of updates.
 */
export type UpdateCheck = "new" | "change" | "whole" | "rest";

export interface KindChecks {
  readonly rules: MetadataRules;
  readonly order: readonly UpdateCheck[];
  readonly whole: (next: KubeObject) => readonly FieldError[];
  readonly rest: (next: KubeObject, current: KubeObject) => readonly FieldError[];
}

/** The server looks at the metadata of every update, and most kinds look at them again: what is wrong with them is said several times. */
export function updateErrors(next: KubeObject, current: KubeObject, checks: KindChecks): FieldError[] {
  const { rules, order } = checks;
  const { isNamespaced } = rules;
  const common = { isNamespaced, nameRule: pathSegmentName, hasStandardFinalizers: false };
  const errors = validateMetadata(next.metadata, common);
  errors.push(...validateMetadataUpdate(next.metadata, current.metadata, { looksAtFinalizers: false }));
  const { generateName = "", finalizers = [] } = next.metadata;
  // Nothing is left that another look could find.
  const isFine = errors.length === 0 && generateName === "" && finalizers.length === 0;
  for (const check of order) {
    if (isFine && (check === "new" || check === "change")) continue;
    errors.push(...errorsOf(check, next, current, checks));
  }
  return errors;
}

function errorsOf(
  check: UpdateCheck,
  next: KubeObject,
  current: KubeObject,
  { rules, whole, rest }: KindChecks,
): readonly FieldError[] {
  const { hasStandardFinalizers = true } = rules;
  switch (check) {
    case "new":
      return validateMetadata(next.metadata, rules);
    case "change":
      return validateMetadataUpdate(next.metadata, current.metadata, {
        hasStandardFinalizers,
        looksAtFinalizers: false,
      });
    case "whole":
      return whole(next);
    case "rest":
      return rest(next, current);
  }
}
