export interface SlugOptions {
  readonly charactersMax: number;
  /** Cut at a word where there is one. */
  readonly cutsAtWord: boolean;
}

/** Room for a suffix of 13 characters in a label of 63. */
const branchSlug: SlugOptions = { charactersMax: 50, cutsAtWord: true };

/** Signs that are read aloud; quotes say nothing. */
const spoken: Readonly<Record<string, string>> = { "&": "and", "@": "at", '"': "", "'": "", "’": "" };

/** A text as part of a name or an address: `Feat/Fancy_Search` is `feat-fancy-search`. */
export function slug(text: string, { charactersMax, cutsAtWord } = branchSlug): string {
  const whole = text
    .replaceAll(/[&@"'’]/g, (sign) => spoken[sign] ?? "")
    .normalize("NFD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (whole.length <= charactersMax) return whole;
  const lastDash = whole.lastIndexOf("-", charactersMax);
  return whole.slice(0, cutsAtWord && lastDash > 0 ? lastDash : charactersMax);
}
