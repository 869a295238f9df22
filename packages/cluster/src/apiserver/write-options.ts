import type { FieldError } from "../object/field-error.ts";
import { invalid } from "./status.ts";

export type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions" | "DeleteOptions";

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  readonly force: boolean | undefined;
}

const managerCharsMax = 128;

/** The query of a write, refused as Kubernetes refuses it. */
export function writeOptionsOf(
  kind: OptionsKind,
  query: URLSearchParams,
  request: { readonly userAgent: string; readonly isApply: boolean },
): WriteOptions {
  const errors: FieldError[] = [];
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  if (dryRun.some((value) => value !== "All"))
    errors.push({
      reason: "FieldValueNotSupported",
      field: "dryRun",
      message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
    });
  const manager = query.get("fieldManager") ?? "";
  if ([...manager].length > managerCharsMax)
    errors.push({
      reason: "FieldValueTooLong",
      field: "fieldManager",
      message: `Too long: may not be more than ${managerCharsMax} bytes`,
    });
  if (/[^\P{C}]/u.test(manager))
    errors.push({
      reason: "FieldValueInvalid",
      field: "fieldManager",
      message: `Invalid value: ${JSON.stringify(manager)}: should only contain printable characters`,
    });
  const validation = query.get("fieldValidation") ?? "";
  if (!["", "Strict", "Warn", "Ignore"].includes(validation))
    errors.push({
      reason: "FieldValueNotSupported",
      field: "fieldValidation",
      message: `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`,
    });
  const force = query.get("force");
  if (kind === "PatchOptions") {
    if (!request.isApply && force !== null)
      errors.push({
        reason: "FieldValueForbidden",
        field: "force",
        message: "Forbidden: may not be specified for non-apply patch",
      });
    if (request.isApply && manager === "")
      errors.unshift({
        reason: "FieldValueRequired",
        field: "fieldManager",
        message: "Required value: is required for apply patch",
      });
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager: manager === "" ? managerOf(request.userAgent) : manager,
    fieldValidation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
    force: force === null ? undefined : force !== "false" && force !== "0",
  };
}

/** `kubectl/v1.34 (linux/amd64)` is `kubectl`. */
function managerOf(userAgent: string): string {
  return [...(userAgent.split("/")[0] ?? "")].slice(0, managerCharsMax).join("");
}
