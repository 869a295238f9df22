// What Go's runtime says when a function of the library runs into it; a template shows it as the function's error.

export function nilDereference(): Error {
  return new Error("runtime error: invalid memory address or nil pointer dereference");
}

export function divideByZero(): Error {
  return new Error("runtime error: integer divide by zero");
}

/** text[start:end] on something of that length; nothing is thrown when the bounds are fine. */
export function checkSliceBounds(length: number, start: number | undefined, end: number | undefined): void {
  if (end !== undefined && (end < 0 || end > length)) {
    const range = `[:${end}]${end < 0 ? "" : ` with length ${length}`}`;
    throw new Error(`runtime error: slice bounds out of range ${range}`);
  }
  const from = start ?? 0;
  const to = end ?? length;
  if (from < 0) throw new Error(`runtime error: slice bounds out of range [${from}:]`);
  if (from > to) throw new Error(`runtime error: slice bounds out of range [${from}:${to}]`);
}
