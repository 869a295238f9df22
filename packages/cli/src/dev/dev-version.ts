/** `0.1.0` becomes `0.1.0-dev.1`, and that `0.1.0-dev.2`: a number for each image that was tried. */
export function nextDevVersion(version: string): string {
  const [, base = version, number = "0"] = /^(.*)-dev\.(\d+)$/u.exec(version) ?? [];
  return `${base}-dev.${Number(number) + 1}`;
}
