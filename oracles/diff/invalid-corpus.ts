import { decode } from "@fairway/yaml";
import { OracleError } from "../machine/oracle-error.ts";
import type { RequestStep, Scenario } from "./scenario.ts";

/**
 * Objects that are wrong in one place each: a good one, and a list of changes to it. Every change becomes a scenario that
 * creates the object with dryRun, so that the exact message of its refusal is compared.
 *
 * ```yaml
 * path: /apis/apps/v1/namespaces/$ns/deployments
 * object: { apiVersion: apps/v1, kind: Deployment, ... }
 * invalid:
 *   negative replicas: { spec.replicas: -1 }
 *   no containers: { spec.template.spec.containers: [] }
 *   no selector: { spec.selector: ~ }          # ~ removes the field
 * ```
 *
 * The changes in `shared` are made to every object: what is wrong in the metadata is wrong in all kinds.
 */
export function invalidScenarios(file: string, text: string, shared: string): readonly Scenario[] {
  const { path, object, invalid: own } = corpusOf(file, decode(text));
  const invalid = { ...changesOf("shared changes", decode(shared)), ...own };
  const create = (body: unknown): RequestStep => ({
    kind: "request",
    line: 1,
    method: "POST",
    path: `${path}?dryRun=All&fieldValidation=Strict`,
    headers: [["Content-Type", "application/json"]],
    body: JSON.stringify(body),
    until: undefined,
    isSetup: false,
    watch: undefined,
  });
  const scenario = (title: string, body: unknown): Scenario => ({
    file,
    line: 1,
    title,
    needs: "api",
    kubectl: undefined,
    labels: {},
    steps: [create(body)],
  });
  const changed = Object.entries(invalid).map(([title, changes]) => {
    let body: unknown = object;
    for (const [field, value] of Object.entries(changes)) body = withField(body, stepsOf(field), value);
    return scenario(title, body);
  });
  // The good object shows that a change is refused for what it changes, and not for something else.
  return [scenario("the object itself", object), ...changed];
}

interface Corpus {
  readonly path: string;
  readonly object: object;
  readonly invalid: Readonly<Record<string, object>>;
}

function corpusOf(file: string, value: unknown): Corpus {
  const { path, object, invalid } = (value ?? {}) as Record<string, unknown>;
  if (typeof path === "string" && isMap(object)) return { path, object, invalid: changesOf(file, invalid) };
  throw new OracleError("bad-input", `${file}: expected path, object and invalid`);
}

function changesOf(file: string, value: unknown): Corpus["invalid"] {
  if (isMap(value) && Object.values(value).every(isMap)) return value as Corpus["invalid"];
  throw new OracleError("bad-input", `${file}: expected a map of titles, each with fields and values`);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `spec.containers[0].image`; a dot inside a name is written `\.`. */
export function stepsOf(field: string): readonly (string | number)[] {
  return (field.match(/\[\d+\]|(?:\\.|[^.[\\])+/g) ?? []).map((step) =>
    step.startsWith("[") ? Number(step.slice(1, -1)) : step.replaceAll(/\\(.)/g, "$1"),
  );
}

/** A copy with one field set, or removed by null. */
export function withField(value: unknown, [step, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[step] = withField(list[step], rest, to);
    return list;
  }
  const map: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  if (rest.length === 0 && to === null) delete map[step];
  else map[step] = withField(map[step], rest, to);
  return map;
}
