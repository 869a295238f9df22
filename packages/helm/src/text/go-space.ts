const leading = /^[\t\n\v\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/u;
const trailing = /[\t\n\v\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+$/u;
const ascii = " \t\n\v\f\r";

/** Go's `strings.TrimSpace`; JavaScript's `trim` disagrees about U+0085 and U+FEFF. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && ascii.includes(text.charAt(start))) start++;
  while (end > start && ascii.includes(text.charAt(end - 1))) end--;
  const inner = start === 0 && end === text.length ? text : text.slice(start, end);
  if (inner.charCodeAt(0) < 0x80 && inner.charCodeAt(inner.length - 1) < 0x80) return inner;
  return inner.replace(leading, "").replace(trailing, "");
}
