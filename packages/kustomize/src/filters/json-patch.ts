import { decode } from "@fairway/yaml";
import { KustomizeError, messageOf } from "../kustomize-error.ts";
import { assignNode } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { goFloatText } from "../node/number-text.ts";
import { fromPlain, setOwn, toPlainObject } from "../node/plain-value.ts";
import type { PlainObject, PlainValue } from "../node/plain-value.ts";

/** A patch of RFC 6902, applied as the Go library does that kustomize uses: `replace` also makes a missing key. */
export type JsonPatch = readonly PlainObject[];

export function parseJsonPatch(text: string): JsonPatch {
  if (text === "") throw new KustomizeError("transform", "empty json patch operations");
  const value = text.startsWith("[") ? parseJson(text) : floats(decodeYaml(text));
  if (!Array.isArray(value)) {
    const found = value === null ? "null" : typeof value === "object" ? "object" : typeof value;
    if (value === null) return [];
    throw new KustomizeError("transform", `json: cannot unmarshal ${found} into Go value of type jsonpatch.Patch`);
  }
  return value.map((operation) => {
    if (isObject(operation)) return operation;
    throw new KustomizeError(
      "transform",
      `json: cannot unmarshal ${typeof operation} into Go value of type jsonpatch.Operation`,
    );
  });
}

function parseJson(text: string): PlainValue {
  try {
    const value: PlainValue = JSON.parse(text);
    return value;
  } catch (error) {
    throw new KustomizeError("transform", `invalid JSON: ${messageOf(error)}`, error);
  }
}

function decodeYaml(text: string): unknown {
  return decode(text);
}

/** JSON has one kind of number. */
function floats(value: unknown): PlainValue {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(floats);
  if (typeof value === "object" && value !== null) {
    const result: PlainObject = {};
    for (const [key, item] of Object.entries(value)) setOwn(result, key, floats(item));
    return result;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function isObject(value: PlainValue | undefined): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Applies the patch to the object in place. */
export function applyJsonPatch(object: Node, patch: JsonPatch): void {
  const document = floats(toPlainObject(object));
  let root: PlainValue = document;
  for (const operation of patch) root = applyOperation(root, operation);
  if (!isObject(root)) {
    throw new KustomizeError("transform", "json: cannot unmarshal array into Go value of type map[string]interface {}");
  }
  assignNode(object, fromPlain(root, goFloatText));
}

type Container = PlainObject | PlainValue[];

function applyOperation(root: PlainValue, operation: PlainObject): PlainValue {
  const kind = typeof operation["op"] === "string" ? operation["op"] : "unknown";
  switch (kind) {
    case "add":
      return add(root, operation);
    case "remove":
      return remove(root, operation);
    case "replace":
      return replace(root, operation);
    case "move":
      return move(root, operation);
    case "test":
      return test(root, operation);
    case "copy":
      return copy(root, operation);
    default:
      throw new KustomizeError("transform", `Unexpected kind: ${kind}`);
  }
}

function fail(message: string, reason: string): KustomizeError {
  return new KustomizeError("transform", `${message}: ${reason}`);
}

const missing = "missing value";

function pointer(operation: PlainObject, field: "path" | "from", kind: string): string {
  const value = operation[field];
  if (typeof value === "string") return value;
  const reason = field === "path" ? "operation missing path field" : "operation, missing from field";
  const noun = field === "path" ? "path" : "from";
  if (kind === "add" || kind === "remove") throw fail(`${kind} operation failed to decode ${noun}`, missing);
  throw fail(`${kind} operation failed to decode ${noun}`, `${reason}: ${missing}`);
}

function find(root: PlainValue, path: string): [container: Container, key: string] | undefined {
  const parts = path.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (parts.length < 2) return undefined;
  let current: PlainValue | undefined = root;
  for (const part of parts.slice(1, -1)) {
    if (Array.isArray(current)) current = /^[-+]?\d+$/.test(part) ? current.at(Number(part)) : undefined;
    else if (isObject(current)) current = Object.hasOwn(current, part) ? current[part] : undefined;
    else return undefined;
    if (current === undefined || current === null) return undefined;
  }
  if (!Array.isArray(current) && !isObject(current)) return undefined;
  return [current, parts.at(-1) ?? ""];
}

function indexIn(key: string, size: number): number {
  if (!/^[-+]?\d+$/.test(key))
    throw new KustomizeError("transform", `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`);
  const number = Number(key);
  if (number >= size || number < -size) {
    throw fail(`Unable to access invalid index: ${number}`, "invalid index referenced");
  }
  return number < 0 ? number + size : number;
}

function getMember(container: Container, key: string): PlainValue | undefined {
  if (Array.isArray(container)) return container[indexIn(key, container.length)];
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

function addMember(container: Container, key: string, value: PlainValue): void {
  if (!Array.isArray(container)) setOwn(container, key, value);
  else if (key === "-") container.push(value);
  else if (!/^[-+]?\d+$/.test(key)) {
    throw fail(
      `value was not a proper array index: '${key}'`,
      `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`,
    );
  } else container.splice(indexIn(key, container.length + 1), 0, value);
}

function removeMember(container: Container, key: string): void {
  if (Array.isArray(container)) {
    container.splice(indexIn(key, container.length), 1);
    return;
  }
  if (!Object.hasOwn(container, key)) throw fail(`Unable to remove nonexistent key: ${key}`, missing);
  delete container[key];
}

/** Runs the work and says of which operation a failure is. */
function during<Result>(message: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw fail(message, messageOf(error));
  }
}

function add(root: PlainValue, operation: PlainObject): PlainValue {
  const path = pointer(operation, "path", "add");
  const found = find(root, path);
  if (found === undefined) throw fail(`add operation does not apply: doc is missing path: "${path}"`, missing);
  during(`error in add for path: '${path}'`, () => addMember(...found, structuredClone(operation["value"] ?? null)));
  return root;
}

function remove(root: PlainValue, operation: PlainObject): PlainValue {
  const path = pointer(operation, "path", "remove");
  const found = find(root, path);
  if (found === undefined) throw fail(`remove operation does not apply: doc is missing path: "${path}"`, missing);
  during(`error in remove for path: '${path}'`, () => removeMember(...found));
  return root;
}

function replace(root: PlainValue, operation: PlainObject): PlainValue {
  const path = pointer(operation, "path", "replace");
  const value = structuredClone(operation["value"] ?? null);
  if (path === "") return value;
  const found = find(root, path);
  if (found === undefined) throw fail(`replace operation does not apply: doc is missing path: ${path}`, missing);
  const [container, key] = found;
  if (!Array.isArray(container)) {
    setOwn(container, key, value);
    return root;
  }
  try {
    container[indexIn(key, container.length)] = value;
  } catch {
    throw fail(`replace operation does not apply: doc is missing key: ${path}`, missing);
  }
  return root;
}

function move(root: PlainValue, operation: PlainObject): PlainValue {
  const from = pointer(operation, "from", "move");
  const source = find(root, from);
  if (source === undefined) throw fail(`move operation does not apply: doc is missing from path: ${from}`, missing);
  const value = during(`error in move for path: '${source[1]}'`, () => {
    const found = getMember(...source) ?? null;
    removeMember(...source);
    return found;
  });
  const path = pointer(operation, "path", "move");
  const target = find(root, path);
  if (target === undefined)
    throw fail(`move operation does not apply: doc is missing destination path: ${path}`, missing);
  during(`error in move for path: '${path}'`, () => addMember(...target, value));
  return root;
}

function copy(root: PlainValue, operation: PlainObject): PlainValue {
  const from = pointer(operation, "from", "copy");
  const source = find(root, from);
  if (source === undefined) throw fail(`copy operation does not apply: doc is missing from path: ${from}`, missing);
  const value = during(`error in copy for from: '${from}'`, () => structuredClone(getMember(...source) ?? null));
  const path = pointer(operation, "path", "copy");
  const target = find(root, path);
  if (target === undefined)
    throw fail(`copy operation does not apply: doc is missing destination path: ${path}`, missing);
  during("error while adding value during copy", () => addMember(...target, value));
  return root;
}

function test(root: PlainValue, operation: PlainObject): PlainValue {
  const path = pointer(operation, "path", "test");
  const expected = operation["value"] ?? null;
  const found = path === "" ? undefined : find(root, path);
  if (path !== "" && found === undefined)
    throw fail(`test operation does not apply: is missing path: ${path}`, missing);
  const actual =
    found === undefined ? root : during(`error in test for path: '${path}'`, () => getMember(...found) ?? null);
  if (!equals(actual, expected)) throw fail(`testing value ${path} failed`, "test failed");
  return root;
}

function equals(left: PlainValue, right: PlainValue): boolean {
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, position) => equals(item, right[position] ?? null))
    );
  }
  if (isObject(left)) {
    const keys = Object.keys(left);
    return (
      isObject(right) &&
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equals(left[key] ?? null, right[key] ?? null))
    );
  }
  return left === right;
}
