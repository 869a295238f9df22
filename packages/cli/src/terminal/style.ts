import { styleText } from "node:util";

/** Named by meaning, so that one place decides what an error looks like. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warning(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

const formats: Record<keyof Style, Format> = {
  bold: "bold",
  dim: "dim",
  good: "green",
  warning: "yellow",
  bad: "red",
  accent: "cyan",
};

function styleWith(paint: (format: Format, text: string) => string): Style {
  const painter = (name: keyof Style) => (text: string) => paint(formats[name], text);
  return {
    bold: painter("bold"),
    dim: painter("dim"),
    good: painter("good"),
    warning: painter("warning"),
    bad: painter("bad"),
    accent: painter("accent"),
  };
}

export const plainStyle: Style = styleWith((_, text) => text);
export const colourStyle: Style = styleWith((format, text) => styleText(format, text, { validateStream: false }));

/** Colours are for a terminal alone, and never where NO_COLOR is set to anything (no-color.org). */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
