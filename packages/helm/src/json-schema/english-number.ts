import { formatFloat } from "@fairway/gotemplate";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A count with groups of three: `65,535`. */
export function englishCount(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** A number as Go's English printer writes it: `65,535`, `0.5`, `1.5×10⁰⁶`. */
export function englishNumber(value: number): string {
  const [mantissa = "", exponent] = formatFloat(value, { verb: "g", precision: -1, bits: 64 }).split("e");
  if (exponent !== undefined) {
    const digits = exponent.slice(1).replace(/\d/gu, (digit) => superscripts.charAt(Number(digit)));
    return `${mantissa}×10${exponent.startsWith("-") ? "⁻" : ""}${digits}`;
  }
  const [whole = "", fraction] = mantissa.split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/gu, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
