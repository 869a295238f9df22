/** What is wrong with one field, in the words of Kubernetes: `spec.replicas: Invalid value: -1: must be ...`. */
export interface FieldError {
  readonly reason: FieldErrorReason;
  /** `spec.containers[0].name` */
  readonly field: string;
  /** The text after the colon, e.g. `Invalid value: -1: must be greater than or equal to 0`. */
  readonly message: string;
}

export type FieldErrorReason =
  | "FieldValueRequired"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueNotFound"
  | "FieldValueTypeInvalid"
  | "InternalError";
