/** Compiles a pattern of a values schema. */
export function compilePattern(source: string): (text: string) => boolean {
  const expression = new RegExp(source, "u");
  return (text) => expression.test(text);
}
