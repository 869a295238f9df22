export type KustomizeErrorCode =
  | "kustomization" // the kustomization file itself is wrong
  | "load" // something that is referred to cannot be read
  | "security" // something outside of the allowed root is referred to
  | "cycle" // bases refer to each other
  | "yaml" // a document cannot be read or written
  | "conflict" // two objects claim the same identity
  | "transform" // a transformer, generator or validator cannot do its work
  | "unsupported" // kustomize can do it, this builder cannot
  | "limit"; // a bound of limits.ts is passed

/** A build that failed; the message is worded as kustomize words it. */
export class KustomizeError extends Error {
  readonly code: KustomizeErrorCode;

  constructor(code: KustomizeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "KustomizeError";
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same failure with where it happened in front, as Go programs chain their errors. */
export function wrapError(prefix: string, error: unknown): KustomizeError {
  const code = error instanceof KustomizeError ? error.code : "transform";
  return new KustomizeError(code, `${prefix}: ${messageOf(error)}`, error);
}

/** Runs the work and puts the prefix before whatever it throws. */
export function withPrefix<Result>(prefix: () => string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw wrapError(prefix(), error);
  }
}
