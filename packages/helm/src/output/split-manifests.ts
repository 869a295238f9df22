import { trimSpace } from "../text/go-space.ts";

const separator = /(?:^|[\t\n\f\r ]*\n)---[\t\n\f\r ]*/u;

/** Splits a rendered file at its `---` lines, as Helm does: by the text, before anything is parsed. */
export function splitManifests(text: string): string[] {
  return trimSpace(text)
    .split(separator)
    .filter((document) => document !== "")
    .map(trimSpace);
}
