import { fails } from "../cel-error.ts";
import { CelMap, Duration, isList, Timestamp, TypeValue, typeOfValue, Uint } from "../value.ts";
import type { Value } from "../value.ts";
import { typeText } from "../cel-type.ts";
import { durationText, timestampText } from "./moments.ts";

/** How doubles and what is inside lists and maps are written, which differs from version to version of the language. */
export interface FormatStyle {
  readonly fixed: (number: number, precision: number) => string;
  readonly scientific: (number: number, precision: number) => string;
  readonly nested: (value: Value) => string;
}

export const PLAIN_STYLE: FormatStyle = { fixed: plainFixed, scientific: plainScientific, nested: plainText };

/** `"%s has %d".format([...])`. */
export function formatText(format: string, args: readonly Value[], style: FormatStyle = PLAIN_STYLE): string {
  let result = "";
  let next = 0;
  for (let position = 0; position < format.length; position += 1) {
    const character = format[position] ?? "";
    if (character !== "%") {
      result += character;
      continue;
    }
    if (format[position + 1] === "%") {
      result += "%";
      position += 1;
      continue;
    }
    const clause = /^(?:\.(\d+))?(.?)/su.exec(format.slice(position + 1));
    const [whole = "", precision, verb = ""] = clause ?? [];
    if (verb === "") throw fails("could not parse formatting clause: unexpected end of string");
    const argument = args[next];
    if (argument === undefined) throw fails(`index ${next} out of range`);
    next += 1;
    position += whole.length;
    result += formatArgument({ verb, precision: Number(precision ?? 6) }, argument, style);
  }
  return result;
}

interface Clause {
  readonly verb: string;
  readonly precision: number;
}

function formatArgument({ verb, precision }: Clause, value: Value, style: FormatStyle): string {
  switch (verb) {
    case "s":
      return isList(value) || value instanceof CelMap ? style.nested(value) : plainText(value);
    case "d":
      return decimal(value);
    case "f":
      return double(value, "fixed-point", (number) => style.fixed(number, Math.min(precision, 100)));
    case "e":
      return double(value, "scientific", (number) => style.scientific(number, Math.min(precision, 100)));
    case "b":
      return typeof value === "boolean" ? (value ? "1" : "0") : inBase(value, 2, "binary", "integers and bools");
    case "o":
      return inBase(value, 8, "octal", "integers");
    case "x":
    case "X":
      return hexadecimal(value, verb);
    default:
      throw fails(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function refused(clause: string, allowed: string, value: Value): Error {
  return fails(
    `error during formatting: ${clause} clause can only be used on ${allowed}, was given ${typeText(typeOfValue(value))}`,
  );
}

function decimal(value: Value): string {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint) return String(value.value);
  if (typeof value === "number" && !Number.isFinite(value)) return doubleName(value);
  throw refused("decimal", "integers", value);
}

function numeric(value: Value, clause: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint) return Number(value.value);
  throw refused(clause, "doubles", value);
}

export function doubleName(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

function double(value: Value, clause: string, text: (number: number) => string): string {
  const number = numeric(value, clause);
  return Number.isFinite(number) ? text(number) : doubleName(number);
}

function plainFixed(number: number, precision: number): string {
  return number.toFixed(precision);
}

function plainScientific(number: number, precision: number): string {
  const [mantissa = "", power = "+0"] = number.toExponential(precision).split("e");
  return `${mantissa}e${power.startsWith("-") ? "-" : "+"}${power.replace(/^[+-]/, "").padStart(2, "0")}`;
}

function inBase(value: Value, base: number, clause: string, allowed: string): string {
  if (typeof value === "bigint") return value.toString(base);
  if (value instanceof Uint) return value.value.toString(base);
  throw refused(clause, allowed, value);
}

function hexadecimal(value: Value, verb: "x" | "X"): string {
  let text: string;
  if (typeof value === "string") text = Buffer.from(value).toString("hex");
  else if (value instanceof Uint8Array) text = Buffer.from(value).toString("hex");
  else text = inBase(value, 16, "hex", "integers, byte buffers, and strings");
  return verb === "X" ? text.toUpperCase() : text;
}

export function plainText(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? shortest(value) : doubleName(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof TypeValue) return value.type.name;
  if (value instanceof CelMap) return mapText(value);
  if (isList(value)) return `[${value.map(plainText).join(", ")}]`;
  throw refused("string", "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps", value);
}

function shortest(value: number): string {
  const text = String(value);
  return text.includes("e") ? text.replace(/e([+-])(\d)$/, "e$10$2") : text;
}

function mapText(map: CelMap): string {
  const parts = [...map.entries()].map(([key, value]) => [plainText(key), plainText(value)] as const);
  parts.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return `{${parts.map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
}
