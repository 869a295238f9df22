import { HelmError } from "../errors.ts";

/**
 * One flag. `switch`: true when given; `text`: one value, the last one counts; `texts`: a value each time; `list`: values
 * separated by commas each time; `optional`: a text that may be left out.
 */
export interface FlagShape {
  readonly name: string;
  readonly short?: string;
  readonly kind: "switch" | "text" | "texts" | "list" | "optional";
  /** The key of its value in the result. A flag without one is accepted and has no effect. */
  readonly use?: string;
  /** The value of an optional text when only the flag is given. */
  readonly whenBare?: string;
  /** Why the flag can't be used. */
  readonly refuse?: string;
}

export interface ParsedFlags {
  readonly positional: readonly string[];
  readonly values: Readonly<Record<string, boolean | string | readonly string[]>>;
}

/** Reads arguments as helm does: flags and others in any order, `--flag value`, `--flag=value`, `-fvalue`, `--` ends flags. */
export function parseFlags(args: readonly string[], shapes: readonly FlagShape[]): ParsedFlags {
  const reader = new FlagReader(args, shapes);
  return reader.read();
}

class FlagReader {
  readonly #args: readonly string[];
  readonly #shapes: readonly FlagShape[];
  readonly #positional: string[] = [];
  readonly #values: Record<string, boolean | string | readonly string[]> = {};
  #at = 0;

  constructor(args: readonly string[], shapes: readonly FlagShape[]) {
    this.#args = args;
    this.#shapes = shapes;
  }

  read(): ParsedFlags {
    for (let arg = this.#next(); arg !== undefined; arg = this.#next()) {
      if (arg === "--") {
        this.#positional.push(...this.#args.slice(this.#at));
        break;
      }
      if (arg.startsWith("--")) this.#long(arg.slice(2));
      else if (arg.startsWith("-") && arg !== "-") this.#shorts(arg);
      else this.#positional.push(arg);
    }
    return { positional: this.#positional, values: this.#values };
  }

  #next(): string | undefined {
    return this.#args[this.#at++];
  }

  #long(text: string): void {
    const equals = text.indexOf("=");
    const name = equals === -1 ? text : text.slice(0, equals);
    const shape = this.#shapes.find((candidate) => candidate.name === name);
    if (shape === undefined) throw new HelmError("usage", `unknown flag: --${name}`);
    this.#set(shape, `--${name}`, equals === -1 ? undefined : text.slice(equals + 1));
  }

  /** `-f file`, `-ffile`, `-f=file`, and several switches together. */
  #shorts(arg: string): void {
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at);
      const shape = this.#shapes.find((candidate) => candidate.short === letter);
      if (shape === undefined) {
        throw new HelmError("usage", `unknown shorthand flag: '${letter}' in ${arg}`);
      }
      const rest = arg.slice(at + 1);
      if (shape.kind !== "switch" || rest.startsWith("=")) {
        this.#set(shape, `-${letter}`, rest === "" ? undefined : rest.replace(/^=/u, ""));
        return;
      }
      this.#set(shape, `-${letter}`, undefined);
    }
  }

  #set(shape: FlagShape, written: string, given: string | undefined): void {
    const value = this.#valueOf(shape, written, given);
    if (shape.refuse !== undefined && value !== false) {
      throw new HelmError("unsupported", `flag --${shape.name} can't be used: ${shape.refuse}`);
    }
    if (shape.use === undefined) return;
    const earlier = this.#values[shape.use];
    const isMore = typeof value === "object" && typeof earlier === "object";
    this.#values[shape.use] = isMore ? [...earlier, ...value] : value;
  }

  #valueOf(shape: FlagShape, written: string, given: string | undefined): boolean | string | string[] {
    if (shape.kind === "switch") return given === undefined || parseSwitch(given, shape);
    const text = given ?? (shape.kind === "optional" ? shape.whenBare : this.#next());
    if (text === undefined) {
      const name = written.startsWith("--") ? written : `'${written.slice(1)}' in ${written}`;
      throw new HelmError("usage", `flag needs an argument: ${name}`);
    }
    if (shape.kind === "list") return splitList(text);
    return shape.kind === "texts" ? [text] : text;
  }
}

function parseSwitch(text: string, shape: FlagShape): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  const names = shape.short === undefined ? `--${shape.name}` : `-${shape.short}, --${shape.name}`;
  throw new HelmError(
    "usage",
    `invalid argument ${JSON.stringify(text)} for ${JSON.stringify(names)} flag: strconv.ParseBool: parsing ` +
      `${JSON.stringify(text)}: invalid syntax`,
  );
}

/** Commas separate; a part in double quotes may have commas, and `""` for a quote. */
function splitList(text: string): string[] {
  if (text === "") return [];
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"' && (quoted || part === "")) {
      if (quoted && text[at + 1] === '"') {
        part += '"';
        at++;
      } else {
        quoted = !quoted;
      }
    } else if (char === "," && !quoted) {
      parts.push(part);
      part = "";
    } else {
      part += char;
    }
  }
  return [...parts, part];
}
