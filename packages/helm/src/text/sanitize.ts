const space = /[\t\n\v\f\r\u0085\p{Z}]/gu;
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** One line of printable text: white space becomes a blank, what can't be printed is dropped. */
export function sanitize(text: string): string {
  return text.replace(space, " ").replace(unprintable, "");
}
