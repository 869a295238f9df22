const escapes: Readonly<Record<string, string>> = {
  '"': String.raw`\"`,
  "\\": String.raw`\\`,
  "\b": String.raw`\b`,
  "\t": String.raw`\t`,
  "\n": String.raw`\n`,
  "\f": String.raw`\f`,
  "\r": String.raw`\r`,
};

/** A text in double quotes. */
export function quoteToml(text: string): string {
  const escaped = text.replace(
    /["\\\0-\x1f\x7f]/gu,
    (char) => escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}

/** A key, quoted where it must be. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/u.test(key) ? key : quoteToml(key);
}

/** Keys with dots between them, as the headings of tables have them. */
export function tomlPath(keys: readonly string[]): string {
  return keys.map(tomlKey).join(".");
}
