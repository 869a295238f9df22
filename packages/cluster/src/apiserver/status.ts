import type { FieldError } from "../object/field-error.ts";

/** The `Status` object that Kubernetes answers errors with, and some deletions. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

/** What a request is about, as errors name it: the plural for lookups, the kind for validation. */
export interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind?: string;
}

/** An answer that is no success. Thrown anywhere on the walk of a request, turned into the answer at its end. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** Of the answer: where to go on when a list was forgotten. */
  metadata: Readonly<Record<string, unknown>> = {};
  /** What is missing is made by a controller just now: worth another try in a moment. */
  isPassing = false;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  get status(): Status {
    const { code, reason, details, message, metadata } = this;
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata,
      status: "Failure",
      message,
      ...(reason === "" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** `deployments.apps`, as messages name what an object belongs to. */
export function qualified({ plural, group }: Named): string {
  return group === "" ? plural : `${plural}.${group}`;
}

export function detailsOf({ plural, group }: Named, name: string): StatusDetails {
  return { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: plural };
}

export function notFound(what: Named, name: string): ApiError {
  return new ApiError(404, "NotFound", `${qualified(what)} "${name}" not found`, detailsOf(what, name));
}

/** A path that nobody serves. */
export function noSuchResource(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", {});
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

export function alreadyExists(what: Named, name: string): ApiError {
  return new ApiError(409, "AlreadyExists", `${qualified(what)} "${name}" already exists`, detailsOf(what, name));
}

export function conflict(what: Named, name: string, why: string): ApiError {
  return new ApiError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(what)} "${name}": ${why}`,
    detailsOf(what, name),
  );
}

export const staleVersion =
  "the object has been modified; please apply your changes to the latest version and try again";

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function forbidden(what: Named, name: string, why: string): ApiError {
  const subject = name === "" ? qualified(what) : `${qualified(what)} "${name}"`;
  return new ApiError(403, "Forbidden", `${subject} is forbidden: ${why}`, detailsOf(what, name));
}

export function unauthorized(): ApiError {
  return new ApiError(401, "Unauthorized", "Unauthorized");
}

export function expired(message: string, metadata: Readonly<Record<string, unknown>> = {}): ApiError {
  return Object.assign(new ApiError(410, "Expired", message), { metadata });
}

export function internalError(message: string): ApiError {
  return new ApiError(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function tooLarge(message: string): ApiError {
  return new ApiError(413, "RequestEntityTooLarge", `Request entity is too large: ${message}`);
}

/** Custom kinds give no details. */
export function unsupportedMediaType(accepted: readonly string[], isBare = false): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new ApiError(415, "UnsupportedMediaType", message, isBare ? undefined : {});
}

export function tooManyRequests(message: string, details: StatusDetails): ApiError {
  return new ApiError(429, "TooManyRequests", message, details);
}

/** `Pod "a" is invalid: spec.x: Required value`; several in brackets. */
export function invalid(
  { group: own, kind = "", storedAs }: Omit<Named, "plural"> & { readonly storedAs?: { readonly group: string } },
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  // What is wrong is found in the form that is stored, and named by its group.
  const group = storedAs?.group ?? own;
  const subject = group === "" ? kind : `${kind}.${group}`;
  return new ApiError(
    422,
    "Invalid",
    `${subject} "${name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`}`,
    {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      ...(kind === "" ? {} : { kind }),
      causes: errors.map(({ reason, field, message }) => ({ reason, message, field })),
    },
  );
}
