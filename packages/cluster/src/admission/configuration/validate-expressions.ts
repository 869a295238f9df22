import { typeText, type CelType, type Environment } from "@fairway/cel";
import { duplicate, eachInvalid, invalid, required, tooMany } from "../../kinds/validation/errors.ts";
import { qualifiedName } from "../../kinds/validation/names.ts";
import type { FieldError } from "../../object/field-error.ts";
import { compile } from "../expressions/conditions.ts";

const conditionsMax = 64;

interface Expression {
  readonly text: string;
  readonly field: string;
  /** Any when left out. */
  readonly types?: readonly CelType[];
}

/** Whether an expression can be compiled, and gives what is wanted of it. */
export function validateExpression(environment: Environment, { text, field, types }: Expression): FieldError[] {
  const compiled = compile(environment, text);
  if (compiled.kind === "broken") return [invalid(field, text, compiled.problem)];
  const { type } = compiled.program;
  const fits = type.kind === "dyn" || !types || types.some((each) => each.kind === type.kind);
  if (fits) return [];
  const names = types.map(nameOf);
  const wanted = names.length === 1 ? (names[0] ?? "") : `one of [${names.join(" ")}]`;
  return [invalid(field, text, `must evaluate to ${wanted} but got ${nameOf(type)}`)];
}

/** Unlike in messages of the compiler. */
function nameOf(type: CelType): string {
  return type.kind === "null" ? type.name : typeText(type);
}

export function validateConditions(
  environment: Environment,
  conditions: readonly { readonly name?: string; readonly expression?: string }[],
  { field, type }: { readonly field: string; readonly type: CelType },
): FieldError[] {
  const seen = new Set<string>();
  const errors = conditions.length > conditionsMax ? [tooMany(field, conditions.length, conditionsMax)] : [];
  for (const [index, { name = "", expression = "" }] of conditions.entries()) {
    const place = `${field}[${index}]`;
    const text = expression.trim();
    if (text === "") errors.push(required(`${place}.expression`));
    else errors.push(...validateExpression(environment, { text, field: `${place}.expression`, types: [type] }));
    if (name === "") errors.push(required(`${place}.name`));
    else errors.push(...eachInvalid(`${place}.name`, name, qualifiedName(name)));
    if (name !== "" && seen.has(name)) errors.push(duplicate(`${place}.name`, name));
    seen.add(name);
  }
  return errors;
}
