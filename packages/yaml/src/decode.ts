import { ValueComposer } from "./compose/value-composer.ts";
import { resolveLimits } from "./options.ts";
import type { DecodeOptions } from "./options.ts";
import { SourceText } from "./source-text.ts";

export interface DecodeOneOptions extends DecodeOptions {
  /** What to do about a second document: Go never looks at it ("ignore", the default), or "refuse" it. */
  others?: "ignore" | "refuse";
}

/** The value of the first document, as sigs.k8s.io/yaml Unmarshal gives it; null when there is none. */
export function decode(text: string, options: DecodeOneOptions = {}): unknown {
  const composer = composerFor(text, options);
  if (!composer.source.hasDocument()) {
    return null;
  }
  const value = composer.source.document();
  if (options.others === "refuse" && composer.source.hasDocument()) {
    throw composer.text.error({
      code: "several-documents",
      offset: composer.source.offset,
      message: "a second document starts here; only one is allowed",
    });
  }
  return value;
}

/** The values of all documents. An empty document (only comments after `---`) is null. */
export function decodeAll(text: string, options: DecodeOptions = {}): unknown[] {
  const composer = composerFor(text, options);
  const values: unknown[] = [];
  while (composer.source.hasDocument()) {
    values.push(composer.source.document());
  }
  return values;
}

function composerFor(text: string, options: DecodeOptions): { source: ValueComposer; text: SourceText } {
  const limits = resolveLimits(options.limits);
  const sourceText = new SourceText(text, limits);
  const source = new ValueComposer(sourceText, {
    strict: options.strict ?? false,
    bigints: options.integers === "bigint",
    limits,
  });
  return { source, text: sourceText };
}
