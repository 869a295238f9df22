/** A change of a JSON value, as data: so that it can be made to another server's object, left out, and written down. */
export type Edit =
  | { readonly set: Steps; readonly to: unknown }
  | { readonly remove: Steps }
  /** The item of a list stands there twice. */
  | { readonly repeat: Steps };

export type Steps = readonly (string | number)[];

export type JsonMap = Record<string, unknown>;

export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A changed copy; what is not there can't be removed or repeated. */
export function edited(value: unknown, edits: readonly Edit[]): unknown {
  let result = structuredClone(value);
  for (const edit of edits) result = withEdit(result, stepsOf(edit), edit);
  return result;
}

export function stepsOf(edit: Edit): Steps {
  if ("set" in edit) return edit.set;
  return "remove" in edit ? edit.remove : edit.repeat;
}

export function valueAt(value: unknown, steps: Steps): unknown {
  let found = value;
  for (const step of steps) {
    if (Array.isArray(found) && typeof step === "number") found = found[step];
    else if (isMap(found) && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  return found;
}

function withEdit(value: unknown, [step, ...rest]: Steps, edit: Edit): unknown {
  if (step === undefined) return "set" in edit ? edit.to : value;
  if (Array.isArray(value) && typeof step === "number") return withItem(value, step, rest, edit);
  if (!isMap(value)) return value === undefined && "set" in edit ? made([step, ...rest], edit.to) : value;
  const map = { ...value };
  if (rest.length === 0 && !("set" in edit)) delete map[step];
  else map[step] = withEdit(map[step], rest, edit);
  return map;
}

function withItem(list: readonly unknown[], index: number, rest: Steps, edit: Edit): unknown {
  if (rest.length > 0 || "set" in edit) {
    const copy = [...list];
    copy[index] = withEdit(copy[index], rest, edit);
    return copy;
  }
  if (index >= list.length) return list;
  return "remove" in edit ? list.toSpliced(index, 1) : list.toSpliced(index, 0, list[index]);
}

function made([step, ...rest]: Steps, to: unknown): unknown {
  if (step === undefined) return to;
  return typeof step === "number" ? [made(rest, to)] : { [step]: made(rest, to) };
}

/** `spec.ports[0].name` */
export function pathText(steps: Steps): string {
  return steps
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./u, "");
}
