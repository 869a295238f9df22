/** One place where two answers differ. */
export interface Difference {
  /** `body.spec.replicas` */
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** Every difference between two values, by path. The order of lists counts; that of keys does not. */
export function differences(expected: unknown, found: unknown, path = ""): readonly Difference[] {
  if (Object.is(expected, found)) return [];
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length = Math.max(expected.length, found.length);
    return Array.from({ length }, (_, index) => differences(expected[index], found[index], `${path}[${index}]`)).flat();
  }
  if (isMap(expected) && isMap(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted();
    return keys.flatMap((key) => differences(expected[key], found[key], path === "" ? key : `${path}.${key}`));
  }
  return [{ path, expected, found }];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function formatDifference({ path, expected, found }: Difference): string {
  return `    ${path}\n      expected ${shown(expected)}\n      found    ${shown(found)}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 397)}...` : text;
}
