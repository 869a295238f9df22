export type BuildErrorCode =
  | "bad_option"
  | "missing_tool"
  | "missing_library"
  | "missing_runtime"
  | "unsupported_language"
  | "invalid_file"
  | "compile_failed"
  | "engine_failed"
  | "layout_failed"
  | "image_not_found"
  | "registry_failed"
  | "unauthorized"
  | "stopped";

/** What was found, where, and what to do. */
export class BuildError extends Error {
  override readonly name = "BuildError";
  readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** `ENOENT` and the like of a failure of the system, undefined for every other. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
