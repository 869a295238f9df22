export type PlainObject = Record<string, unknown>;

/** Sets an own property, also for the one name that assignment treats in a special way. */
export function setOwn(target: PlainObject, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy that shares nothing. Its depth is bounded by that of the document. */
export function cloneValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(cloneValue);
  }
  const copy: PlainObject = {};
  for (const [key, each] of Object.entries(value)) {
    setOwn(copy, key, cloneValue(each));
  }
  return copy;
}
