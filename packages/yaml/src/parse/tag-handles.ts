const coreTags = "tag:yaml.org,2002:";

/** What `!handle!` stands for in the current document. */
export class TagHandles {
  readonly #prefixes = new Map<string, string>();

  reset(): void {
    this.#prefixes.clear();
  }

  /** False when the document already says what the handle is. */
  add(handle: string, prefix: string): boolean {
    if (this.#prefixes.has(handle)) {
      return false;
    }
    this.#prefixes.set(handle, prefix);
    return true;
  }

  expand(handle: string, suffix: string): string | undefined {
    const prefix = this.#prefixes.get(handle) ?? (handle === "!" ? "!" : handle === "!!" ? coreTags : undefined);
    return prefix === undefined ? undefined : prefix + suffix;
  }
}
