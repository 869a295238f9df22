import { isObject, type JsonObject, type JsonValue } from "../json-value.ts";

/**
 * Hides the values of Secrets. Equal values of one mask get the same number, so that a change shows as a change, and
 * nothing about the value itself, not even its length or a hash of it, is told.
 */
export class SecretMask {
  readonly #numbers = new Map<string, number>();

  hide(secret: JsonObject): JsonObject {
    const hidden: Record<string, JsonValue> = { ...secret };
    const { data, stringData } = secret;
    delete hidden["stringData"];
    if (isObject(data) || isObject(stringData)) {
      hidden["data"] = {
        ...this.#hideAll(isObject(data) ? data : {}, decoded),
        // The API server writes it over `data`.
        ...this.#hideAll(isObject(stringData) ? stringData : {}, String),
      };
    }
    const annotations = isObject(secret["metadata"]) ? secret["metadata"]["annotations"] : undefined;
    const applied = "kubectl.kubernetes.io/last-applied-configuration";
    if (isObject(secret["metadata"]) && isObject(annotations) && applied in annotations) {
      hidden["metadata"] = { ...secret["metadata"], annotations: { ...annotations, [applied]: "(hidden)" } };
    }
    return hidden;
  }

  #hideAll(values: JsonObject, plain: (value: JsonValue) => string): JsonObject {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, this.#placeholder(plain(value))]));
  }

  #placeholder(value: string): string {
    const number = this.#numbers.get(value) ?? this.#numbers.size + 1;
    this.#numbers.set(value, number);
    return `(hidden value ${number})`;
  }
}

function decoded(value: JsonValue): string {
  return Buffer.from(String(value), "base64").toString("utf8");
}
