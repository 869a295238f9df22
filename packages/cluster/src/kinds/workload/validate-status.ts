import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "../validation/errors.ts";
import { nonNegative } from "../validation/numbers.ts";

type Counts<Name extends string> = { readonly [Each in Name]?: number };

/** Counts of pods, none of them negative. */
export function validateCounts<Name extends string>(status: Counts<Name>, names: readonly Name[]): FieldError[] {
  return names.flatMap((name) => nonNegative(status[name], `status.${name}`));
}

/** Of the pods that there are, no more can be ready. */
export function validateAtMost<Name extends string>(
  status: Counts<Name>,
  names: readonly Name[],
  most: Name,
  detail: string,
): FieldError[] {
  return names.flatMap((name) => {
    const count = status[name] ?? 0;
    return count > (status[most] ?? 0) ? [invalid(`status.${name}`, count, detail)] : [];
  });
}

/** A count that only grows: how often a name was taken. */
export function validateCollisions(
  next: { readonly collisionCount?: number },
  current: { readonly collisionCount?: number },
): FieldError[] {
  const before = current.collisionCount;
  if (before === undefined || (next.collisionCount !== undefined && next.collisionCount >= before)) return [];
  return [invalid("status.collisionCount", next.collisionCount ?? 0, "cannot be decremented")];
}
