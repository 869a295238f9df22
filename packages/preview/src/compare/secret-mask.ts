import { isObject, type JsonObject, type JsonValue } from "../json-value.ts";

/**
 * Hides the values of Secrets. Equal values of one mask get the same number, so that a change shows as a change, and
 * nothing about the value itself, not even its length or a hash of it, is told.
 */
export class SecretMask {
  readonly #numbers = new Map<string, number>();

  hide(secret: JsonObject): JsonObject {
    const hidden: Record<string, JsonValue> = { ...secret };
    for (const field of ["data", "stringData"]) {
      const values = secret[field];
      if (isObject(values)) hidden[field] = this.#hideAll(values, field === "data");
    }
    const annotations = isObject(secret["metadata"]) ? secret["metadata"]["annotations"] : undefined;
    const applied = "kubectl.kubernetes.io/last-applied-configuration";
    if (isObject(secret["metadata"]) && isObject(annotations) && applied in annotations) {
      hidden["metadata"] = { ...secret["metadata"], annotations: { ...annotations, [applied]: "(hidden)" } };
    }
    return hidden;
  }

  #hideAll(values: JsonObject, isBase64: boolean): JsonObject {
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, this.#placeholder(isBase64 ? decoded(value) : String(value))]),
    );
  }

  #placeholder(value: string): string {
    const number = this.#numbers.get(value) ?? this.#numbers.size + 1;
    this.#numbers.set(value, number);
    return `(hidden value ${number})`;
  }
}

/** The same text in `data` and in `stringData` is the same value. */
function decoded(value: JsonValue): string {
  return Buffer.from(String(value), "base64").toString("latin1");
}
