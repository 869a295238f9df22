import { compareBytes, goQuote } from "../object/go-text.ts";
import { FieldSet } from "./field-set.ts";
import { identityOf } from "./managed-fields.ts";
import type { ManagerId } from "./managed-fields.ts";
import { pathText } from "./path-element.ts";
import type { Path } from "./path-element.ts";

/** A field that the applier wants to have otherwise and somebody else owns. */
export interface Conflict {
  readonly manager: ManagerId;
  readonly path: Path;
}

/** Conflicts as a Status tells them. */
export interface ConflictReport {
  readonly message: string;
  readonly causes: readonly { readonly message: string; readonly field: string }[];
}

export function conflictsOf(owned: ReadonlyMap<ManagerId, FieldSet>): Conflict[] {
  const managers = [...owned.keys()].sort(compareBytes);
  return managers.flatMap((manager) =>
    [...(owned.get(manager) ?? new FieldSet()).paths()].map((path) => ({ manager, path })),
  );
}

export function reportConflicts(conflicts: readonly Conflict[]): ConflictReport {
  return {
    message: conflictMessage(conflicts),
    causes: conflicts.map(({ manager, path }) => ({
      message: `conflict with ${managerText(manager)}`,
      field: pathText(path),
    })),
  };
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (only !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerText(only.manager)}: ${pathText(only.path)}`;
  }
  const lines: string[] = [];
  let current: ManagerId | undefined;
  for (const { manager, path } of conflicts) {
    if (manager !== current) lines.push(`conflicts with ${managerText(manager)}:`);
    current = manager;
    lines.push(`- ${pathText(path)}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function managerText(id: ManagerId): string {
  const { manager, operation, apiVersion, subresource } = identityOf(id);
  const name = subresource === "" ? goQuote(manager) : `${goQuote(manager)} with subresource ${goQuote(subresource)}`;
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}
