import { cloneJson, equalJson, getOwn, isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { goQuote } from "../object/go-text.ts";
import { JSON_PATCH_COPIED_BYTES_MAX, JSON_PATCH_OPERATIONS_MAX } from "./limits.ts";
import { PatchError } from "./patch-error.ts";

/** Applies an RFC 6902 patch, in the dialect of Kubernetes, to a copy of the document. `patch` is the decoded body of the request. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw new PatchError(
      "BadRequest",
      `json: cannot unmarshal ${jsonKind(patch)} into Go value of type jsonpatch.Patch`,
    );
  }
  if (patch.length > JSON_PATCH_OPERATIONS_MAX) {
    throw new PatchError(
      "TooLarge",
      `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}, got ${patch.length}`,
    );
  }
  const target: Target = { root: cloneJson(document), copiedBytes: 0 };
  for (const operation of patch) {
    if (operation !== null && !isJsonObject(operation)) {
      const kind = jsonKind(operation);
      throw new PatchError("BadRequest", `json: cannot unmarshal ${kind} into Go value of type jsonpatch.Operation`);
    }
    run(target, operation ?? {});
  }
  return target.root;
}

interface Target {
  root: unknown;
  copiedBytes: number;
}

function run(target: Target, operation: JsonObject): void {
  const kind = typeof operation["op"] === "string" ? operation["op"] : "unknown";
  switch (kind) {
    case "add":
      return add(target, operation);
    case "remove":
      return remove(target, operation);
    case "replace":
      return replace(target, operation);
    case "move":
      return move(target, operation);
    case "copy":
      return copy(target, operation);
    case "test":
      return test(target, operation);
    default:
      throw fails(`Unexpected kind: ${kind}`);
  }
}

const MISSING = "missing value";

function add(target: Target, operation: JsonObject): void {
  const path = textMember(operation, "path");
  if (path === undefined) throw fails(`add operation failed to decode path: ${MISSING}`);
  const place = find(target.root, path);
  if (place === undefined) throw fails(`add operation does not apply: doc is missing path: "${path}": ${MISSING}`);
  const problem = addAt(place, valueOf(operation));
  if (problem !== undefined) throw fails(`error in add for path: '${path}': ${problem}`);
}

function remove(target: Target, operation: JsonObject): void {
  const path = textMember(operation, "path");
  if (path === undefined) throw fails(`remove operation failed to decode path: ${MISSING}`);
  const place = find(target.root, path);
  if (place === undefined) throw fails(`remove operation does not apply: doc is missing path: "${path}": ${MISSING}`);
  const problem = removeAt(place);
  if (problem !== undefined) throw fails(`error in remove for path: '${path}': ${problem}`);
}

function replace(target: Target, operation: JsonObject): void {
  const path = textMember(operation, "path");
  if (path === undefined) throw fails(`replace operation failed to decode path: ${decodeProblem(operation, "path")}`);
  if (path === "") {
    const value = valueOf(operation);
    if (typeof value !== "object" || value === null)
      throw fails("replace operation value must be object or array: %!w(<nil>)");
    target.root = value;
    return;
  }
  const place = find(target.root, path);
  if (place === undefined) throw fails(`replace operation does not apply: doc is missing path: ${path}: ${MISSING}`);
  const found = valueAt(place);
  // Of objects only the path to the key is checked, and the key is made when it isn't there.
  if ("problem" in found) throw fails(`replace operation does not apply: doc is missing key: ${path}: ${MISSING}`);
  setAt(place, valueOf(operation));
}

function move(target: Target, operation: JsonObject): void {
  const from = textMember(operation, "from");
  if (from === undefined) throw fails(`move operation failed to decode from: ${decodeProblem(operation, "from")}`);
  const source = find(target.root, from);
  if (source === undefined) throw fails(`move operation does not apply: doc is missing from path: ${from}: ${MISSING}`);
  const found = valueAt(source);
  const problem = "problem" in found ? found.problem : removeAt(source);
  if (problem !== undefined) throw fails(`error in move for path: '${source.key}': ${problem}`);
  const path = textMember(operation, "path");
  if (path === undefined) throw fails(`move operation failed to decode path: ${decodeProblem(operation, "path")}`);
  const place = find(target.root, path);
  if (place === undefined)
    throw fails(`move operation does not apply: doc is missing destination path: ${path}: ${MISSING}`);
  const refused = addAt(place, "value" in found ? found.value : null);
  if (refused !== undefined) throw fails(`error in move for path: '${path}': ${refused}`);
}

function copy(target: Target, operation: JsonObject): void {
  const from = textMember(operation, "from");
  if (from === undefined) throw fails(`copy operation failed to decode from: ${decodeProblem(operation, "from")}`);
  const source = find(target.root, from);
  if (source === undefined) throw fails(`copy operation does not apply: doc is missing from path: ${from}: ${MISSING}`);
  const found = valueAt(source);
  if ("problem" in found) throw fails(`error in copy for from: '${from}': ${found.problem}`);
  const path = textMember(operation, "path");
  if (path === undefined) throw fails(`copy operation failed to decode path: ${MISSING}`);
  const place = find(target.root, path);
  if (place === undefined)
    throw fails(`copy operation does not apply: doc is missing destination path: ${path}: ${MISSING}`);
  target.copiedBytes += found.value === undefined ? 0 : Buffer.byteLength(JSON.stringify(found.value));
  if (target.copiedBytes > JSON_PATCH_COPIED_BYTES_MAX) {
    throw fails(
      `Unable to complete the copy, the accumulated size increase of copy is ${target.copiedBytes}, exceeding the limit ${JSON_PATCH_COPIED_BYTES_MAX}`,
    );
  }
  const refused = addAt(place, found.value === undefined ? null : cloneJson(found.value));
  if (refused !== undefined) throw fails(`error while adding value during copy: ${refused}`);
}

function test(target: Target, operation: JsonObject): void {
  const path = textMember(operation, "path");
  if (path === undefined) throw fails(`test operation failed to decode path: ${decodeProblem(operation, "path")}`);
  const expected = getOwn(operation, "value") ?? null;
  if (path === "") {
    if (!equalJson(target.root, expected)) throw fails(`testing value ${path} failed: test failed`);
    return;
  }
  const place = find(target.root, path);
  if (place === undefined) throw fails(`test operation does not apply: is missing path: ${path}: ${MISSING}`);
  const found = valueAt(place);
  if ("problem" in found) throw fails(`error in test for path: '${path}': ${found.problem}`);
  if (!equalJson(found.value ?? null, expected)) throw fails(`testing value ${path} failed: test failed`);
}

function fails(message: string): PatchError {
  return new PatchError("Invalid", message);
}

function valueOf(operation: JsonObject): unknown {
  return cloneJson(getOwn(operation, "value") ?? null);
}

function textMember(operation: JsonObject, name: string): string | undefined {
  const value = getOwn(operation, name);
  return typeof value === "string" ? value : undefined;
}

function decodeProblem(operation: JsonObject, name: string): string {
  const value = getOwn(operation, name);
  if (value === undefined || value === null) {
    return name === "path" ? `operation missing path field: ${MISSING}` : `operation, missing from field: ${MISSING}`;
  }
  return `json: cannot unmarshal ${jsonKind(value)} into Go value of type string`;
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
}

/** Where a pointer leads: a container and the key in it, which need not be there. */
interface Place {
  readonly container: JsonObject | unknown[];
  readonly key: string;
}

function find(root: unknown, path: string): Place | undefined {
  const steps = path.split("/");
  if (steps.length < 2) return undefined;
  let container: unknown = root;
  for (const step of steps.slice(1, -1)) {
    const found: Found = valueAt({ container: container as JsonObject, key: unescapeStep(step) });
    if ("problem" in found || found.value === null || typeof found.value !== "object") return undefined;
    container = found.value;
  }
  if (typeof container !== "object" || container === null) return undefined;
  return { container: container as JsonObject, key: unescapeStep(steps.at(-1) ?? "") };
}

function unescapeStep(step: string): string {
  return step.replace(/~[01]/g, (escape) => (escape === "~1" ? "/" : "~"));
}

type Found = { readonly value: unknown } | { readonly problem: string };

function valueAt({ container, key }: Place): Found {
  if (!Array.isArray(container)) return { value: getOwn(container, key) };
  const index = readIndex(key);
  if (typeof index === "string") return { problem: index };
  const position = index < 0 ? index + container.length : index;
  if (position < 0 || position >= container.length)
    return { problem: invalidIndex(index < 0 && position >= 0 ? position : index) };
  return { value: container[position] as unknown };
}

function setAt({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) return setOwn(container, key, value);
  const index = Number(key);
  container[index < 0 ? index + container.length : index] = value;
}

/** What is wrong, if it can't be added there. */
function addAt({ container, key }: Place, value: unknown): string | undefined {
  if (!Array.isArray(container)) {
    setOwn(container, key, value);
    return undefined;
  }
  if (key === "-") {
    container.push(value);
    return undefined;
  }
  const index = readIndex(key);
  if (typeof index === "string") return `value was not a proper array index: '${key}': ${index}`;
  const length = container.length + 1;
  if (index >= length || index < -length) return invalidIndex(index);
  container.splice(index < 0 ? index + length : index, 0, value);
  return undefined;
}

function removeAt({ container, key }: Place): string | undefined {
  if (!Array.isArray(container)) {
    if (!Object.hasOwn(container, key)) return `Unable to remove nonexistent key: ${key}: ${MISSING}`;
    delete container[key];
    return undefined;
  }
  const index = readIndex(key);
  if (typeof index === "string") return index;
  if (index >= container.length || index < -container.length) return invalidIndex(index);
  container.splice(index < 0 ? index + container.length : index, 1);
  return undefined;
}

function invalidIndex(index: number): string {
  return `Unable to access invalid index: ${index}: invalid index referenced`;
}

/** The index, or what Go says of a text that is none. */
function readIndex(key: string): number | string {
  if (!/^[+-]?\d+$/.test(key)) return `strconv.Atoi: parsing ${goQuote(key)}: invalid syntax`;
  const index = Number(key);
  return Math.abs(index) > 2 ** 63 ? `strconv.Atoi: parsing ${goQuote(key)}: value out of range` : index;
}
