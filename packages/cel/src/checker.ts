import { qualifiedName } from "./ast.ts";
import type { CallExpr, ComprehensionExpr, Expr, ListExpr, MapExpr, SelectExpr, StructExpr } from "./ast.ts";
import { BOOL, DYN, ERROR, INT, listOf, mapOf, optionalOf, sameType, typeParam, typeText } from "./cel-type.ts";
import type { CelType } from "./cel-type.ts";
import type { Problem } from "./cel-error.ts";
import type { Declarations } from "./declarations.ts";
import type { Overload } from "./signature.ts";
import { assign, mostGeneral, substitute, unwrapOptional } from "./unify.ts";
import type { Bindings } from "./unify.ts";
import { typeOfValue } from "./value.ts";

/** What the names in an expression mean, and the type of each part. */
export interface Checked {
  readonly type: CelType;
  readonly problems: readonly Problem[];
  readonly references: ReadonlyMap<Expr, Reference>;
  readonly typeOf: (expr: Expr) => CelType;
}

export type Reference =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "type"; readonly type: CelType }
  /** With `isMember`, the target is the first argument. */
  | {
      readonly kind: "function";
      readonly name: string;
      readonly isMember: boolean;
      readonly overloads: readonly Overload[];
    };

/** Finds out what the expression means by the declarations, and all that is wrong with it. */
export function check(expr: Expr, declarations: Declarations): Checked {
  const checker = new Checker(declarations);
  checker.check(expr);
  return checker.result(expr);
}

class Checker {
  private readonly declarations: Declarations;
  private readonly problems: Problem[] = [];
  private readonly types = new Map<Expr, CelType>();
  private readonly references = new Map<Expr, Reference>();
  private readonly scopes: Map<string, CelType>[] = [];
  private bindings: Bindings = new Map();
  private freeTypes = 0;
  /** Arguments of formats may be of any types. */
  private mixedAllowed = 0;

  constructor(declarations: Declarations) {
    this.declarations = declarations;
  }

  result(expr: Expr): Checked {
    const typeOf = (part: Expr): CelType => substitute(this.bindings, this.types.get(part) ?? ERROR, true);
    return { type: typeOf(expr), problems: this.problems, references: this.references, typeOf };
  }

  check(expr: Expr): CelType {
    const type = this.infer(expr);
    this.types.set(expr, type);
    return type;
  }

  private infer(expr: Expr): CelType {
    switch (expr.kind) {
      case "literal":
        return typeOfValue(expr.value);
      case "ident":
        return this.ident(expr, expr.name) ?? this.undeclared(expr, expr.name);
      case "select":
        return this.select(expr);
      case "call":
        return this.call(expr);
      case "list":
        return this.list(expr);
      case "map":
        return this.map(expr);
      case "struct":
        return this.struct(expr);
      default:
        return this.comprehension(expr);
    }
  }

  private report(expr: { readonly offset: number }, message: string): CelType {
    this.problems.push({ offset: expr.offset, message });
    return ERROR;
  }

  private undeclared(expr: Expr, name: string): CelType {
    return this.report(expr, `undeclared reference to '${name}' (in container '${this.declarations.container}')`);
  }

  /** The type of the name, if it is one; notes what it refers to. */
  private ident(expr: Expr, name: string): CelType | undefined {
    if (!name.includes(".")) {
      for (const scope of this.scopes.toReversed()) {
        const type = scope.get(name);
        if (type === undefined) continue;
        this.references.set(expr, { kind: "variable", name });
        return type;
      }
    }
    const declared = this.declarations.findIdent(name);
    if (declared === undefined) return undefined;
    this.references.set(expr, declared.reference);
    return declared.type;
  }

  private select(expr: SelectExpr): CelType {
    const name = qualifiedName(expr);
    // A variable of a macro hides names that begin with it.
    const isLocal = name !== undefined && this.scopes.some((scope) => scope.has(name.split(".")[0] ?? ""));
    const named = name === undefined || isLocal ? undefined : this.ident(expr, name);
    if (named !== undefined) return named;
    const type = this.field(expr, substitute(this.bindings, this.check(expr.operand)));
    return expr.testOnly ? BOOL : substitute(this.bindings, type);
  }

  private field(expr: SelectExpr, operand: CelType): CelType {
    const { type, wasOptional } = unwrapOptional(operand);
    const found = this.fieldOf(expr, type);
    return wasOptional || expr.optional ? optionalOf(found) : found;
  }

  private fieldOf(expr: SelectExpr, type: CelType): CelType {
    switch (type.kind) {
      case "map":
        return type.params[1] ?? DYN;
      case "struct": {
        const fields = this.declarations.structs.get(type.name);
        if (fields === undefined) return this.report(expr, `unexpected failed resolution of '${type.name}'`);
        const field = Object.hasOwn(fields, expr.field) ? fields[expr.field] : undefined;
        return field ?? this.report(expr, `undefined field '${expr.field}'`);
      }
      case "param":
        this.assignable(DYN, type);
        return DYN;
      case "dyn":
      case "error":
        return DYN;
      default:
        this.report(expr, `type '${typeText(type)}' does not support field selection`);
        return DYN;
    }
  }

  private call(expr: CallExpr): CelType {
    const { target, args } = expr;
    const prefix = target === undefined ? undefined : qualifiedName(target);
    if (
      target === undefined ||
      (prefix !== undefined && this.declarations.findFunction(`${prefix}.${expr.name}`) !== undefined)
    ) {
      const name = prefix === undefined ? expr.name : `${prefix}.${expr.name}`;
      for (const arg of args) this.check(arg);
      const found = this.declarations.findFunction(name);
      return found === undefined ? this.undeclared(expr, name) : this.resolve(expr, found, args, false);
    }
    this.mixedAllowed += expr.name === "format" ? 1 : 0;
    for (const arg of args) this.check(arg);
    this.mixedAllowed -= expr.name === "format" ? 1 : 0;
    this.check(target);
    const found = this.declarations.findFunction(expr.name);
    return found === undefined ? this.undeclared(expr, expr.name) : this.resolve(expr, found, [target, ...args], true);
  }

  private resolve(expr: CallExpr, overloads: readonly Overload[], args: readonly Expr[], isMember: boolean): CelType {
    const types = args.map((arg) => this.types.get(arg) ?? ERROR);
    const name = overloads[0]?.name ?? expr.name;
    if (name === "_&&_" || name === "_||_") return this.logical(expr, overloads, args);
    const matching: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.isMember !== isMember || overload.isHidden === true) continue;
      const fresh = this.instantiate(overload);
      if (!this.assignable2(types, fresh.args)) continue;
      matching.push(overload);
      const type = substitute(this.bindings, fresh.result);
      if (result === undefined) result = type;
      else if (result.kind !== "dyn" && !sameType(result, type)) result = DYN;
    }
    this.references.set(expr, { kind: "function", name, isMember, overloads });
    if (result !== undefined) return result;
    const shown = types.map((type) => typeText(substitute(this.bindings, type, true)));
    const signature = isMember ? `${shown[0]}.(${shown.slice(1).join(", ")})` : `(${shown.join(", ")})`;
    return this.report(expr, `found no matching overload for '${name}' applied to '${signature}'`);
  }

  private logical(expr: CallExpr, overloads: readonly Overload[], args: readonly Expr[]): CelType {
    this.references.set(expr, { kind: "function", name: expr.name, isMember: false, overloads });
    let isFine = true;
    for (const arg of args) {
      const type = this.types.get(arg) ?? ERROR;
      if (this.assignable(type, BOOL)) continue;
      isFine = false;
      this.mismatch(arg, BOOL, type);
    }
    return isFine ? BOOL : ERROR;
  }

  private mismatch(expr: Expr, expected: CelType, actual: CelType): CelType {
    const found = substitute(this.bindings, actual);
    return this.report(expr, `expected type '${typeText(expected)}' but found '${typeText(found)}'`);
  }

  private instantiate({ args, result }: Overload): { readonly args: readonly CelType[]; readonly result: CelType } {
    const fresh = new Map<string, CelType>();
    const collect = (type: CelType): void => {
      if (type.kind === "param" && !fresh.has(type.name)) fresh.set(type.name, this.freeType());
      type.params.forEach(collect);
    };
    [...args, result].forEach(collect);
    if (fresh.size === 0) return { args, result };
    return { args: args.map((type) => substitute(fresh, type)), result: substitute(fresh, result) };
  }

  private freeType(): CelType {
    this.freeTypes += 1;
    return typeParam(`_var${this.freeTypes - 1}`);
  }

  private assignable(from: CelType, to: CelType): boolean {
    return this.assignable2([from], [to]);
  }

  private assignable2(from: readonly CelType[], to: readonly CelType[]): boolean {
    const bindings = assign(this.bindings, from, to);
    if (bindings !== undefined) this.bindings = bindings;
    return bindings !== undefined;
  }

  private join(expr: Expr, previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    if (this.assignable(previous, current)) return mostGeneral(previous, current);
    return this.declarations.homogeneous && this.mixedAllowed === 0 ? this.mismatch(expr, previous, current) : DYN;
  }

  private list(expr: ListExpr): CelType {
    let items: CelType | undefined;
    for (const { value, optional } of expr.items) items = this.join(value, items, this.element(value, optional));
    return listOf(items ?? this.freeType());
  }

  private element(value: Expr, isOptional: boolean): CelType {
    const type = this.check(value);
    if (!isOptional) return type;
    const unwrapped = unwrapOptional(substitute(this.bindings, type));
    if (!unwrapped.wasOptional && type.kind !== "dyn") this.mismatch(value, optionalOf(type), type);
    return unwrapped.type;
  }

  private map(expr: MapExpr): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const { key, value, optional } of expr.entries) {
      keys = this.join(key, keys, this.check(key));
      values = this.join(value, values, this.element(value, optional));
    }
    return mapOf(keys ?? this.freeType(), values ?? this.freeType());
  }

  private struct(expr: StructExpr): CelType {
    const declared = this.declarations.findIdent(expr.typeName);
    const type = declared?.reference.kind === "type" ? declared.reference.type : undefined;
    const fields = type === undefined ? undefined : this.declarations.structs.get(type.name);
    for (const field of expr.fields) {
      const actual = this.element(field.value, field.optional);
      if (fields === undefined) continue;
      const expected = Object.hasOwn(fields, field.name) ? fields[field.name] : undefined;
      if (expected === undefined) this.report(field, `undefined field '${field.name}'`);
      else if (!this.assignable(expected, actual)) {
        this.report(
          field,
          `expected type of field '${field.name}' is '${typeText(expected)}' but provided type is '${typeText(actual)}'`,
        );
      }
    }
    if (type === undefined || fields === undefined) return this.undeclared(expr, expr.typeName);
    this.references.set(expr, { kind: "type", type });
    return type;
  }

  private comprehension(expr: ComprehensionExpr): CelType {
    const range = substitute(this.bindings, this.check(expr.range));
    const accumulated = this.check(expr.initial);
    const [first, second] = this.rangeTypes(expr, range);
    this.scopes.push(new Map([[expr.accumulator, accumulated]]));
    const names: [string, CelType][] = [[expr.variable, first]];
    if (expr.variable2 !== undefined) names.push([expr.variable2, second]);
    this.scopes.push(new Map(names));
    this.expect(expr.condition, BOOL);
    this.expect(expr.step, accumulated);
    this.scopes.pop();
    const result = this.check(expr.result);
    this.scopes.pop();
    return substitute(this.bindings, result);
  }

  private expect(expr: Expr, type: CelType): void {
    const actual = this.check(expr);
    if (!this.assignable(type, actual)) this.mismatch(expr, substitute(this.bindings, type), actual);
  }

  private rangeTypes(expr: ComprehensionExpr, range: CelType): readonly [CelType, CelType] {
    const [first = DYN, second = DYN] = range.params;
    switch (range.kind) {
      case "list":
        return expr.variable2 === undefined ? [first, DYN] : [INT, first];
      case "map":
        return [first, second];
      case "dyn":
      case "error":
      case "param":
        this.assignable(DYN, range);
        return [DYN, DYN];
      default:
        this.report(
          expr.range,
          `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        return [ERROR, ERROR];
    }
  }
}
