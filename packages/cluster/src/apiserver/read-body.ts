import { decodeAll, YamlError } from "@fairway/yaml";
import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { apiVersionOf, type Kind, type KindRegistry } from "../kinds/index.ts";
import { checkRegistered } from "./check-registered.ts";
import { decodeEnveloped, ProtobufError, protobufType } from "../protobuf/index.ts";
import { DecodeError, decodeParsed, decodeStrictly } from "../schema/index.ts";
import type { DecodeOptions } from "../schema/index.ts";
import type { ServerContext } from "./server-context.ts";
import { badRequest, invalid, unsupportedMediaType } from "./status.ts";
import type { WriteOptions } from "./write-options.ts";

export const readableTypes = ["application/json", "application/yaml", protobufType] as const;

/** A body as JSON text, from the type that the client says it has. */
export function bodyText(body: Buffer, contentType: string | undefined): string {
  const type = mediaType(contentType);
  if (type === "application/json" || type === "") return utf8(body);
  if (type === "application/yaml") return JSON.stringify(fromYaml(utf8(body)));
  if (type === protobufType) return JSON.stringify(fromProtobuf(body));
  throw unsupportedMediaType(readableTypes, true);
}

/** Without parameters. */
function mediaType(contentType = "application/json"): string {
  const end = contentType.indexOf(";");
  return (end === -1 ? contentType : contentType.slice(0, end)).trim();
}

/** What a strict reader has to say of YAML that another takes: keys that are there twice, of which JSON knows nothing any more. */
export function yamlProblems(body: Buffer, contentType: string | undefined): readonly string[] {
  if (!contentType?.startsWith("application/yaml")) return [];
  try {
    decodeAll(utf8(body), { strict: true });
    return [];
  } catch (error) {
    return error instanceof YamlError && error.code === "duplicate-key" ? [error.goMessage] : [];
  }
}

function fromProtobuf(body: Buffer): unknown {
  try {
    return decodeEnveloped(body);
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(`error decoding protobuf: ${error.message}`);
    throw error;
  }
}

function utf8(body: Buffer): string {
  return body.toString("utf8");
}

function fromYaml(text: string): unknown {
  try {
    return decodeAll(text)[0] ?? null;
  } catch (error) {
    throw badRequest(`error parsing YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** An object of the kind from the body of a request: its version and kind may be left out, but not be others. */
export function decodeBody(
  context: ServerContext,
  kind: Kind,
  text: string,
  options: WriteOptions & { readonly warnings: string[] },
): KubeObject {
  // To Go, nothing is an object without fields.
  const body = text.trim() === "null" ? "{}" : text;
  const { object, problems } = decodedOrRefused(
    kind,
    () => decodeStrictly(kind.schema, body, optionsOf(context, kind)),
    { text: body, kinds: context.kinds },
  );
  if (kind.custom) checkCustomType(kind, object, text, options.fieldValidation !== "Ignore");
  else checkRegistered(context.kinds, kind, object);
  report(kind, problems, options);
  if (kind.custom) checkCustomName(kind, object);
  return typed(kind, object);
}

/** Objects of custom kinds have to say what they are. */
function checkCustomType(kind: Kind, object: Readonly<Record<string, unknown>>, text: string, isStrict: boolean): void {
  const { kind: name, apiVersion = "" } = object;
  if (typeof name !== "string" || name === "") {
    const problem =
      name === undefined || name === ""
        ? `Object 'Kind' is missing in '${text}'`
        : `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof name} into Go struct field .kind of type string`;
    if (!isStrict) throw cannotBeHandled(kind, problem);
    const start = `the object provided is unrecognized (must be of type ${kind.kind})`;
    throw badRequest(`${start}: ${problem} (${summaryOf(text)})`);
  }
  if (apiVersion !== apiVersionOf(kind)) throw otherVersion(kind, apiVersion);
}

function otherVersion(kind: Kind, found: unknown): Error {
  const expected = apiVersionOf(kind);
  return badRequest(
    `the API version in the data (${String(found)}) does not match the expected API version (${expected})`,
  );
}

function checkCustomName(kind: Kind, object: Readonly<Record<string, unknown>>): void {
  const name = String(object["kind"] ?? kind.kind);
  if (name === kind.kind) return;
  const metadata = object["metadata"] as KubeObject["metadata"] | undefined;
  const message = `Invalid value: ${JSON.stringify(name)}: must be ${kind.kind}`;
  throw invalid({ ...kind, kind: name }, metadata?.name ?? "", [
    { reason: "FieldValueInvalid", field: "kind", message },
  ]);
}

export interface PatchedOptions extends WriteOptions {
  readonly warnings: string[];
  /** Of what was applied: a null that may not be one is refused later, where elsewhere it is as good as nothing. */
  readonly keepsNulls?: boolean;
}

/** The same for the result of a patch. */
export function decodePatched(
  context: ServerContext,
  kind: Kind,
  patched: unknown,
  options: PatchedOptions,
): KubeObject {
  const { object, problems } = decodedOrRefused(kind, () =>
    decodeParsed(kind.schema, patched, optionsOf(context, kind, options.keepsNulls)),
  );
  report(kind, problems, options);
  if (kind.custom) checkCustomName(kind, object);
  else checkRegistered(context.kinds, kind, object);
  return typed(kind, object);
}

function optionsOf({ library }: ServerContext, { kind, custom }: Kind, keepsNulls = false): DecodeOptions {
  return { typeName: kind, library, ...(custom && { read: (parsed) => custom.decode(parsed, keepsNulls) }) };
}

interface Body {
  readonly text: string;
  readonly kinds: KindRegistry;
}

function decodedOrRefused<T>(kind: Kind, decode: () => T, body?: Body): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (body) refuseBody(kind, error, body);
    throw cannotBeHandled(kind, error.message);
  }
}

/** Before anything is read of an object, its kind is looked up. */
function refuseBody(kind: Kind, error: DecodeError, { text, kinds }: Body): void {
  if (error.code === "syntax") throw unrecognized(kind, text, error.message);
  const said: unknown = JSON.parse(text);
  const type = Array.isArray(said) ? "array" : typeof said === "boolean" ? "bool" : typeof said;
  if (!isJsonObject(said))
    throw unrecognized(kind, text, `json: cannot unmarshal ${type} into Go value of type ${typeMeta}`);
  for (const field of ["apiVersion", "kind"]) {
    const value = said[field] ?? "";
    if (typeof value === "string") continue;
    const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    throw unrecognized(kind, text, `json: cannot unmarshal ${found} into Go struct field .${field} of type string`);
  }
  if (!kind.custom) checkRegistered(kinds, kind, said);
}

const typeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function unrecognized({ kind }: Kind, text: string, why: string): Error {
  const parsing = `couldn't get version/kind; json parse error: ${why} (${summaryOf(text)})`;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${parsing}`);
}

const SUMMARY_MAX = 30;

/** The beginning of a body that can't be read; what does not even begin like JSON is shown by its bytes. */
function summaryOf(text: string): string {
  if (text === "") return "<empty>";
  const shown = text.slice(0, SUMMARY_MAX);
  const rest = text.length > SUMMARY_MAX ? " ..." : "";
  return text.startsWith("{") ? `${shown}${rest}` : `${Buffer.from(shown).toString("hex")}${rest}`;
}

function cannotBeHandled({ kind, version }: Kind, why: string): Error {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

export function refuseProblems(kind: Kind, problems: readonly string[]): void {
  if (problems.length > 0) throw cannotBeHandled(kind, `strict decoding error: ${problems.join(", ")}`);
}

function report(
  kind: Kind,
  problems: readonly string[],
  { fieldValidation, warnings }: WriteOptions & { readonly warnings: string[] },
): void {
  if (problems.length === 0 || fieldValidation === "Ignore") return;
  if (fieldValidation === "Strict") refuseProblems(kind, problems);
  warnings.push(...problems);
}

/** The decoded object, which is nobody else's, with its version, its kind and metadata. */
function typed(kind: Kind, decoded: JsonObject): KubeObject {
  const { apiVersion: givenVersion, metadata } = decoded;
  const apiVersion = apiVersionOf(kind);
  const version = typeof givenVersion === "string" && givenVersion !== "" ? givenVersion : apiVersion;
  if (version !== apiVersion) throw otherVersion(kind, version);
  const object = decoded as JsonObject & KubeObject;
  object.apiVersion = apiVersion;
  object.kind = kind.kind;
  if (typeof metadata !== "object" || metadata === null) object.metadata = {};
  return object;
}
