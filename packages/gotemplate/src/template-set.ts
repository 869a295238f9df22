// Named templates that can call one another: what Go calls associated templates.

export class TemplateSet {
  readonly #templates = new Map<string, unknown>();

  has(name: string): boolean {
    return this.#templates.has(name);
  }

  clone(): TemplateSet {
    return new TemplateSet();
  }
}
