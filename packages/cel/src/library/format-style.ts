import { fails } from "../cel-error.ts";
import { CelMap, Duration, isList, Timestamp, typeOfValue, Uint } from "../value.ts";
import type { Value } from "../value.ts";
import { doubleName, plainText } from "./format-text.ts";
import type { FormatStyle } from "./format-text.ts";

/** As Kubernetes formats: numbers by the rules of English, and lists and maps as expressions that would make them. */
export const ENGLISH_STYLE: FormatStyle = {
  fixed: (number, precision) => grouped(number.toFixed(precision)),
  scientific: (number, precision) => {
    const [mantissa = "", power = "+0"] = number.toExponential(precision).split("e");
    const digits = power.replace(/^[+-]/, "").padStart(2, "0");
    return `${mantissa}×10${power.startsWith("-") ? "⁻" : ""}${digits.replaceAll(/\d/g, superscript)}`;
  },
  nested: expressionText,
};

function grouped(number: string): string {
  const [whole = "", fraction] = number.split(".");
  const groups = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

function superscript(digit: string): string {
  return "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "";
}

function expressionText(value: Value): string {
  if (isList(value)) return `[${value.map(expressionText).join(", ")}]`;
  if (value instanceof CelMap) return mapText(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(plainText(value))}`;
  if (value instanceof Timestamp) return `timestamp(${JSON.stringify(plainText(value))})`;
  if (value instanceof Duration) return `duration(${JSON.stringify(plainText(value))})`;
  if (typeof value !== "number") return plainText(value);
  return Number.isFinite(value) ? value.toFixed(6) : JSON.stringify(doubleName(value));
}

function mapText(map: CelMap): string {
  const parts = [...map.entries()].map(([key, value]) => [keyText(key), expressionText(value)] as const);
  parts.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return `{${parts.map(([key, value]) => `${key}:${value}`).join(", ")}}`;
}

function keyText(key: Value): string {
  if (typeof key === "string") return JSON.stringify(key);
  if (typeof key === "boolean" || typeof key === "bigint" || key instanceof Uint) return plainText(key);
  throw fails(`no formatting function for map key of type ${typeOfValue(key).name}`);
}
