export interface Expansion {
  readonly text: string;
  readonly match: readonly number[];
  readonly groupNames: readonly string[];
}

const reference = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** Puts groups in for $1, $name and ${name}; a name is as long as it can be, unknown ones are nothing. */
export function expandTemplate(template: string, { text, match, groupNames }: Expansion): string {
  return template.replace(reference, (whole, bare: string | undefined, braced: string | undefined) => {
    if (whole === "$$") return "$";
    const name = bare ?? braced ?? "";
    const index = /^(?:0|[1-9][0-9]{0,8})$/u.test(name) ? Number(name) : indexOfName(name, { text, match, groupNames });
    const start = match[2 * index] ?? -1;
    return start < 0 ? "" : text.slice(start, match[2 * index + 1]);
  });
}

function indexOfName(name: string, { match, groupNames }: Expansion): number {
  return groupNames.findIndex((each, index) => each === name && (match[2 * index] ?? -1) >= 0);
}
