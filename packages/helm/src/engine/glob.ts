/** Says whether a file's path matches. */
export type Glob = (path: string) => boolean;

/**
 * Compiles a pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not; `[abc]`, `[a-z]`, `[!a]`; `{a,b}`; `\` escapes.
 * Helm takes a malformed pattern for `**`.
 */
export function compileGlob(pattern: string): Glob {
  const source = new GlobCompiler(pattern).compile();
  if (source === undefined) return () => true;
  const expression = new RegExp(`^(?:${source})$`, "su");
  return (path) => expression.test(path);
}

class GlobCompiler {
  readonly #runes: readonly string[];
  #at = 0;
  #braces = 0;

  constructor(pattern: string) {
    this.#runes = [...pattern];
  }

  /** The source of a regular expression, or undefined when the pattern is malformed. */
  compile(): string | undefined {
    let source = "";
    for (let rune = this.#next(); rune !== undefined; rune = this.#next()) {
      const part = this.#part(rune);
      if (part === undefined) return undefined;
      source += part;
    }
    return source + ")".repeat(this.#braces);
  }

  #next(): string | undefined {
    return this.#runes[this.#at++];
  }

  #part(rune: string): string | undefined {
    switch (rune) {
      case "*":
        if (this.#runes[this.#at] !== "*") return "[^/]*";
        this.#at++;
        return ".*";
      case "?":
        return "[^/]";
      case "[":
        return this.#range();
      case "{":
        this.#braces++;
        return "(?:";
      case ",":
        return this.#braces > 0 ? "|" : ",";
      case "}":
        if (this.#braces === 0) return "\\}";
        this.#braces--;
        return ")";
      case "\\":
        return literal(this.#next() ?? "");
      default:
        return literal(rune);
    }
  }

  /** Either one range `a-z` or a list of characters, never both. */
  #range(): string | undefined {
    const negated = this.#runes[this.#at] === "!";
    if (negated) this.#at++;
    const low = this.#runes[this.#at];
    if (low !== undefined && this.#runes[this.#at + 1] === "-") {
      const high = this.#runes[this.#at + 2];
      if (high === undefined || this.#runes[this.#at + 3] !== "]" || high < low) return undefined;
      this.#at += 4;
      return `[${negated ? "^" : ""}${inClass(low)}-${inClass(high)}]`;
    }
    let characters = "";
    for (let rune = this.#next(); rune !== "]"; rune = this.#next()) {
      if (rune === undefined) return undefined;
      characters += inClass(rune === "\\" ? (this.#next() ?? "") : rune);
    }
    return characters === "" ? undefined : `[${negated ? "^" : ""}${characters}]`;
  }
}

function literal(rune: string): string {
  return /^[\^$\\.*+?()[\]{}|/]$/u.test(rune) ? `\\${rune}` : rune;
}

function inClass(rune: string): string {
  return /^[\\\]^[-]$/u.test(rune) ? `\\${rune}` : rune;
}
