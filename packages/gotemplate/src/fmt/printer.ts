// Values under any verb, as Go's fmt prints them.
import type { CallContext } from "../call-context.ts";
import type { GoFunction } from "../go-function.ts";
import { bytesToString } from "../go-string.ts";
import { type GoType, methodOf } from "../go-type.ts";
import { printDepthMax } from "../limits.ts";
import { GoNil, GoNumber, GoStruct, declaredType, kindOf, mapGet, mapKeys, typeName } from "../value.ts";
import type { GoMap } from "../value.ts";
import { Flags, pad } from "./flags.ts";
import { formatFloatVerb } from "./format-float.ts";
import { formatInteger, formatQuotedRune, formatRune, formatUnicode } from "./format-integer.ts";
import { formatHexString, formatPlain, formatQuoted } from "./format-string.ts";

// Templates must give the same output in every run, so every address is this one.
const address = 0xc0_0001_0000n;

const stringVerbs = "vsxXq";
const noContext = {
  get templates(): never {
    throw new Error("String and Error methods run outside of a template");
  },
  execute(): never {
    throw new Error("String and Error methods run outside of a template");
  },
} satisfies CallContext;

function byteItems(bytes: Uint8Array): GoNumber[] {
  return Array.from(bytes, (byte) => new GoNumber("uint8", BigInt(byte)));
}

export class Printer {
  out = "";
  flags = new Flags();
  /** Set while a wrong verb is reported: methods are off then, so that they cannot report again. */
  #reporting = false;

  /** An argument of Printf, Print or Println. */
  printArgument(value: unknown, verb: string): void {
    if (value === null || value === undefined) {
      if (verb === "T" || verb === "v") this.out += pad(this.flags, "<nil>");
      else this.badVerb(null, verb);
      return;
    }
    if (verb === "T") this.out += formatPlain(this.flags, typeName(value));
    else if (verb === "p") this.#printPointer(value, verb);
    else if (value instanceof Uint8Array) this.#printBytes(value, verb, "[]byte");
    else this.#print(value, verb, 0);
  }

  badVerb(value: unknown, verb: string): void {
    this.#reporting = true;
    this.out += `%!${verb}(`;
    if (value === null || value === undefined) {
      this.out += "<nil>";
    } else {
      this.out += `${typeName(value)}=`;
      this.printArgument(value, "v");
    }
    this.out += ")";
    this.#reporting = false;
  }

  #print(value: unknown, verb: string, depth: number): void {
    switch (typeof value) {
      case "string":
        return this.#printString(value, verb, value);
      case "bigint":
        return this.#printInteger(value, verb, value);
      case "number":
        return this.#printFloat(value, verb, value);
      case "boolean":
        if (verb === "t" || verb === "v") this.out += pad(this.flags, value ? "true" : "false");
        else this.badVerb(value, verb);
        return undefined;
      default:
        return this.#printObject(value, verb, depth);
    }
  }

  #printObject(value: unknown, verb: string, depth: number): void {
    if (value === null || value === undefined) {
      this.out += this.flags.sharpV ? "interface {}(nil)" : "<nil>";
      return;
    }
    if (depth > printDepthMax) throw new RangeError(`value nested deeper than ${printDepthMax} levels`);
    const type = declaredType(value);
    if (this.#printByMethod(value, type, verb)) return;
    if (value instanceof GoNumber) {
      if (typeof value.value === "bigint") this.#printInteger(value.value, verb, value);
      else this.#printFloat(value.value, verb, value);
    } else if (value instanceof GoNil) {
      this.#printNil(value, verb);
    } else if (value instanceof GoStruct) {
      this.#printStruct(value, verb, depth);
    } else if (value instanceof Uint8Array) {
      if ("sqxX".includes(verb)) this.#printBytes(value, verb, "[]uint8");
      // A chart's files are printed this way when a template prints its whole context: megabytes of numbers.
      else if ((verb === "v" || verb === "d") && this.flags.plainIntegers) this.out += `[${value.join(" ")}]`;
      else
        this.#printItems(
          Array.from(value, (byte) => new GoNumber("uint8", BigInt(byte))),
          value,
          { verb, depth },
        );
    } else if (Array.isArray(value)) {
      this.#printItems(value, value, { verb, depth });
    } else if (kindOf(value) === "map") {
      this.#printMap(value as GoMap, verb, depth);
    } else {
      this.#printPointer(value, verb);
    }
  }

  /** Error and String, where the verb wants a string; false if there is no such method. */
  #printByMethod(value: unknown, type: GoType | undefined, verb: string): boolean {
    if (this.#reporting) return false;
    if (verb === "w" && !(value instanceof GoNumber && type === undefined)) {
      this.badVerb(value, verb);
      return true;
    }
    if (type?.methods === undefined || this.flags.sharpV || !stringVerbs.includes(verb)) return false;
    const name = methodOf(type, "Error") === undefined ? "String" : "Error";
    const method = methodOf(type, name);
    if (method === undefined || type.pointerMethods?.includes(name) === true) return false;
    this.#printString(this.#stringOf(method(value), verb, name), verb, value);
    return true;
  }

  #stringOf(method: GoFunction, verb: string, name: string): string {
    try {
      return String(method.invoke(noContext));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return `%!${verb}(PANIC=${name} method: ${message})`;
    }
  }

  #printString(text: string, verb: string, value: unknown): void {
    switch (verb) {
      case "v":
        this.out += this.flags.sharpV ? formatQuoted(this.flags, text) : formatPlain(this.flags, text);
        return;
      case "s":
        this.out += formatPlain(this.flags, text);
        return;
      case "q":
        this.out += formatQuoted(this.flags, text);
        return;
      case "x":
      case "X":
        this.out += formatHexString(this.flags, text, verb === "X");
        return;
      default:
        this.badVerb(value, verb);
    }
  }

  #printInteger(number: bigint, verb: string, value: unknown): void {
    const text = this.#integerText(number, verb, value);
    if (text === undefined) this.badVerb(value, verb);
    else this.out += text;
  }

  #integerText(number: bigint, verb: string, value: unknown): string | undefined {
    const { flags } = this;
    switch (verb) {
      case "v":
        if (flags.sharpV && kindOf(value).startsWith("u")) return this.#hexNumber(number, true);
        return formatInteger(flags, number, { base: 10 });
      case "d":
        return formatInteger(flags, number, { base: 10 });
      case "b":
        return formatInteger(flags, number, { base: 2 });
      case "o":
        return formatInteger(flags, number, { base: 8 });
      case "O":
        return formatInteger(flags, number, { base: 8, octalPrefix: true });
      case "x":
        return formatInteger(flags, number, { base: 16 });
      case "X":
        return formatInteger(flags, number, { base: 16, upper: true });
      case "c":
        return formatRune(flags, number);
      case "q":
        return formatQuotedRune(flags, number);
      case "U":
        return formatUnicode(flags, number);
      default:
        return undefined;
    }
  }

  #hexNumber(number: bigint, prefix: boolean): string {
    const { sharp } = this.flags;
    this.flags.sharp = prefix;
    const text = formatInteger(this.flags, number, { base: 16 });
    this.flags.sharp = sharp;
    return text;
  }

  #printFloat(number: number, verb: string, value: unknown): void {
    const bits = value instanceof GoNumber && value.kind === "float32" ? 32 : 64;
    if (verb === "v") this.out += formatFloatVerb(this.flags, number, { verb: "g", precision: -1, bits });
    else if ("bgGxX".includes(verb)) this.out += formatFloatVerb(this.flags, number, { verb, precision: -1, bits });
    else if ("feE".includes(verb)) this.out += formatFloatVerb(this.flags, number, { verb, precision: 6, bits });
    else if (verb === "F") this.out += formatFloatVerb(this.flags, number, { verb: "f", precision: 6, bits });
    else this.badVerb(value, verb);
  }

  #printBytes(bytes: Uint8Array, verb: string, name: string): void {
    if (verb === "v" || verb === "d") {
      if (this.flags.sharpV) {
        this.out += `${name}{${Array.from(bytes, (byte) => this.#hexNumber(BigInt(byte), true)).join(", ")}}`;
      } else {
        const items = Array.from(bytes, (byte) => formatInteger(this.flags, BigInt(byte), { base: 10 }));
        this.out += `[${items.join(" ")}]`;
      }
    } else if (verb === "s") this.out += formatPlain(this.flags, bytesToString(bytes));
    else if (verb === "q") this.out += formatQuoted(this.flags, bytesToString(bytes));
    else if (verb === "x" || verb === "X") this.out += formatHexString(this.flags, bytes, verb === "X");
    else this.#printItems(byteItems(bytes), bytes, { verb, depth: 0 });
  }

  #printItems(items: readonly unknown[], value: unknown, { verb, depth }: { verb: string; depth: number }): void {
    const { sharpV } = this.flags;
    this.out += sharpV ? `${typeName(value)}{` : "[";
    items.forEach((item, index) => {
      if (index > 0) this.out += sharpV ? ", " : " ";
      this.#print(item, verb, depth + 1);
    });
    this.out += sharpV ? "}" : "]";
  }

  #printMap(map: GoMap, verb: string, depth: number): void {
    const { sharpV } = this.flags;
    this.out += sharpV ? `${typeName(map)}{` : "map[";
    mapKeys(map).forEach((key, index) => {
      if (index > 0) this.out += sharpV ? ", " : " ";
      this.#print(key, verb, depth + 1);
      this.out += ":";
      this.#print(mapGet(map, key), verb, depth + 1);
    });
    this.out += sharpV ? "}" : "]";
  }

  #printStruct(struct: GoStruct, verb: string, depth: number): void {
    const { sharpV, plusV } = this.flags;
    const isPointer = struct.type.kind === "ptr";
    if (isPointer && depth > 0) return this.#printPointer(struct, verb);
    if (isPointer) this.out += "&";
    if (sharpV) this.out += struct.type.name.replace(/^\*/u, "");
    this.out += "{";
    Object.keys(struct.fields).forEach((name, index) => {
      if (index > 0) this.out += sharpV ? ", " : " ";
      if (sharpV || plusV) this.out += `${name}:`;
      this.#print(struct.fields[name], verb, depth + 1);
    });
    this.out += "}";
    return undefined;
  }

  #printNil(value: GoNil, verb: string): void {
    const { kind, name } = value.type;
    if (kind !== "map" && kind !== "slice") return this.#printPointer(value, verb);
    if (this.flags.sharpV) this.out += `${name}(nil)`;
    else this.out += kind === "map" ? "map[]" : "[]";
    return undefined;
  }

  #printPointer(value: unknown, verb: string): void {
    const kind = kindOf(value);
    if (kind !== "ptr" && kind !== "map" && kind !== "slice" && kind !== "func") return this.badVerb(value, verb);
    const isNil = value instanceof GoNil;
    const at = isNil ? 0n : address;
    if (verb === "v" && this.flags.sharpV) {
      this.out += `(${typeName(value)})(${isNil ? "nil" : this.#hexNumber(at, true)})`;
    } else if (verb === "v" && isNil) {
      this.out += pad(this.flags, "<nil>");
    } else if (verb === "v" || verb === "p") {
      this.out += this.#hexNumber(at, !this.flags.sharp);
    } else {
      const text = "bodxX".includes(verb) ? this.#integerText(at, verb, value) : undefined;
      if (text === undefined) this.badVerb(value, verb);
      else this.out += text;
    }
    return undefined;
  }
}
