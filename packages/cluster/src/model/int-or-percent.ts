/** `3`, or `"25%"` of a total; undefined when it is neither. */
export function scaledValue(
  value: number | string | undefined,
  total: number,
  rounding: "up" | "down",
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number") return value;
  const match = /^(\d+)%$/u.exec(value);
  if (match === null) return undefined;
  const share = (Number(match[1]) * total) / 100;
  return rounding === "up" ? Math.ceil(share) : Math.floor(share);
}
