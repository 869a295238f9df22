import { evaluate, holds } from "../expressions/conditions.ts";
import type { Inputs } from "../expressions/inputs.ts";
import { compiledPolicy, withVariables, type CompiledValidation } from "./compiled-policy.ts";
import type { ValidatingPolicy } from "./policy-objects.ts";

/** One thing that a policy found wrong. */
export interface Finding {
  readonly message: string;
  readonly reason: string;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly annotations: Readonly<Record<string, string>>;
}

const messageBytesMax = 5 * 1024;
const annotationBytesMax = 10 * 1024;

/** What a policy says of a request, with one of its parameters. */
export function judge(policy: ValidatingPolicy, given: Inputs): Judgement {
  const { conditions, variables, validations, annotations } = compiledPolicy(policy);
  const isStrict = policy.spec.failurePolicy !== "Ignore";
  const inputs = withVariables(variables, given);
  const held = holds(conditions, inputs);
  if (held.kind === "not") return { findings: [], annotations: {} };
  if (held.kind === "failed")
    return { findings: isStrict ? [{ message: held.message, reason: "" }] : [], annotations: {} };
  const findings = validations.flatMap((each) => findingOf(each, inputs, isStrict));
  const told: Record<string, string> = {};
  for (const { key, value } of annotations) {
    const result = evaluate(value, inputs);
    if (result.kind === "failure") {
      if (isStrict) findings.push({ message: result.message, reason: "" });
    } else if (typeof result.value === "string" && result.value.trim() !== "")
      told[`${policy.metadata.name ?? ""}/${key}`] = result.value.trim().slice(0, annotationBytesMax);
  }
  return { findings, annotations: told };
}

function findingOf(
  { validation, expression, message }: CompiledValidation,
  inputs: Inputs,
  isStrict: boolean,
): readonly Finding[] {
  const result = evaluate(expression, inputs);
  if (result.kind === "failure") return isStrict ? [{ message: result.message, reason: "" }] : [];
  if (result.value === true) return [];
  const made = message ? evaluate(message, inputs) : undefined;
  const text = made?.kind === "value" && typeof made.value === "string" ? made.value.trim() : "";
  const isFit = text !== "" && Buffer.byteLength(text) <= messageBytesMax && !text.includes("\n");
  return [
    {
      message:
        (isFit ? text : "") ||
        (validation.message ?? "").trim() ||
        `failed expression: ${validation.expression.trim()}`,
      reason: validation.reason ?? "Invalid",
    },
  ];
}
