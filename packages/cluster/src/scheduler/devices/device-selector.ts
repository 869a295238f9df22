import { CelError, CelMap, CelObject, createEnvironment, KUBERNETES_LIBRARIES, STRING, type Value } from "@fairway/cel";
import { compileDeviceExpression, deviceType, type DeviceExpression } from "../../kinds/resource/device-expression.ts";
import type { Device, DeviceAttribute } from "../../schema/data/types/resource-v1.ts";
import { compiledSelectorsMax, selectorCostMax } from "./limits.ts";

const literals = createEnvironment({ libraries: KUBERNETES_LIBRARIES, variables: { text: STRING } });
const quantityOf = literals.compile("quantity(text)");
const versionOf = literals.compile("semver(text)");

/** Who asks for a domain that a device has nothing of gets an empty map, and no error. */
class Domains extends CelMap {
  static readonly #none = new CelMap();

  override get(key: Value): Value {
    return super.get(key) ?? Domains.#none;
  }
}

const compiled = new Map<string, DeviceExpression>();

export type Match =
  | { readonly kind: "answer"; readonly matches: boolean }
  | { readonly kind: "broken"; readonly problem: string };

/** Whether a selector wants a device of this driver. */
export function matchesSelector(expression: string, driver: string, device: Device): Match {
  const ready = compile(expression);
  if (ready.kind === "broken") return { kind: "broken", problem: `CEL compile error: ${ready.problem}` };
  try {
    const { value } = ready.program.evaluate({ device: deviceValue(driver, device) }, { costMax: selectorCostMax });
    if (typeof value === "boolean") return { kind: "answer", matches: value };
    return { kind: "broken", problem: "CEL runtime error: the result is not true or false" };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { kind: "broken", problem: `CEL runtime error: ${error.message}` };
  }
}

function compile(expression: string): DeviceExpression {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const fresh = compileDeviceExpression(expression);
  if (compiled.size >= compiledSelectorsMax) compiled.clear();
  compiled.set(expression, fresh);
  return fresh;
}

function deviceValue(driver: string, { attributes = {}, capacity = {} }: Device): CelObject {
  const fields: Record<string, Value> = {
    driver,
    attributes: byDomain(driver, attributes, attributeValue),
    capacity: byDomain(driver, capacity, ({ value }) => quantityOf.evaluate({ text: String(value) }).value),
  };
  return new CelObject(deviceType, Object.keys(fields), (name) => fields[name]);
}

/** Names without a domain are the driver's. */
function byDomain<T>(driver: string, named: Readonly<Record<string, T>>, valueOf: (item: T) => Value): Domains {
  const domains = new Map<string, CelMap>();
  for (const [name, item] of Object.entries(named)) {
    const slash = name.indexOf("/");
    const domain = slash < 0 ? driver : name.slice(0, slash);
    const entries = domains.get(domain) ?? new CelMap();
    entries.add(name.slice(slash + 1), valueOf(item));
    domains.set(domain, entries);
  }
  return new Domains(domains);
}

function attributeValue({ int, bool, string, version }: DeviceAttribute): Value {
  if (int !== undefined) return BigInt(int);
  if (bool !== undefined) return bool;
  if (version !== undefined) return versionOf.evaluate({ text: version }).value;
  return string ?? null;
}
