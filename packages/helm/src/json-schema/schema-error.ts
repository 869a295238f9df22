/** The schema itself is at fault: not JSON, not a schema, or it refers to something that is not there. */
export class SchemaError extends Error {
  readonly code: "schema-invalid" | "reference-missing" | "too-complex";

  constructor(code: "schema-invalid" | "reference-missing" | "too-complex", message: string) {
    super(message);
    this.name = "SchemaError";
    this.code = code;
  }
}
