import { decode, YamlError } from "@fairway/yaml";
import { ApplyError, serverSideApply } from "../apply/index.ts";
import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf, resetFieldsOf } from "../kinds/index.ts";
import { goQuote } from "../object/go-text.ts";
import { jsonSyntaxError } from "../object/json-syntax.ts";
import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, PatchError } from "../patch/index.ts";
import { namespaceOf, type Call } from "./call.ts";
import { checkIdentity } from "./check-identity.ts";
import { settleCreation } from "./create.ts";
import { readObject } from "./object-store.ts";
import { decodePatched } from "./read-body.ts";
import { answerWritten } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { goMapText, shownResult } from "./shown-patch.ts";
import { ApiError, badRequest, conflict, invalid, notFound, tooLarge, unsupportedMediaType } from "./status.ts";
import { replacement } from "./update.ts";
import { write, type Change } from "./write.ts";
import { writeOptionsOf, type WriteOptions } from "./write-options.ts";

const applyTypes = ["application/apply-patch+yaml"];

/** PATCH in each of its four languages. */
export async function patch(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { request } = call;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const isApply = applyTypes.includes(type);
  const accepted = acceptedTypes(call);
  if (!accepted.includes(type))
    throw call.kind.custom
      ? unsupportedMediaType(accepted, true)
      : new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  const options = writeOptionsOf("PatchOptions", request.query, {
    userAgent: request.headers["user-agent"] ?? "",
    isApply,
  });
  const body = await request.body();
  const change = isApply
    ? application(context, call, { options, body })
    : replacement(context, call, options, patcher(context, call, { type, body, options }));
  const existed = isApply
    ? readObject(context.store, call.kind, { namespace: namespaceOf(call), name: call.info.name }) !== undefined
    : true;
  const written = await write(context, call, change);
  return answerWritten(call, written, existed ? 200 : 201);
}

/** Custom kinds know no strategic merge: it needs Go types. */
function acceptedTypes({ kind }: Call): readonly string[] {
  const isCustom = kind.schema.custom === true;
  return [
    "application/json-patch+json",
    "application/merge-patch+json",
    ...(isCustom ? [] : ["application/strategic-merge-patch+json"]),
    ...applyTypes,
  ];
}

interface PatchBody {
  readonly type: string;
  readonly body: Buffer;
  readonly options: WriteOptions;
}

/** What `null` is as good as; a merge patch it is none. */
const patchOfNothing: Readonly<Record<string, unknown>> = {
  "application/json-patch+json": [],
  "application/strategic-merge-patch+json": {},
};

function patcher(
  context: ServerContext,
  call: Call,
  { type, body, options }: PatchBody,
): (current: KubeObject) => KubeObject {
  const { kind, warnings } = call;
  const parsed = parsePatch(body) ?? patchOfNothing[type] ?? null;
  if (type === "application/json-patch+json" && !Array.isArray(parsed))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${kindOfJson(parsed)} into Go value of type []handlers.jsonPatchOp`,
    );
  const isStrategic = type === "application/strategic-merge-patch+json";
  return (current) => {
    if (type === "application/merge-patch+json" && parsed !== null && !isJsonObject(parsed))
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${kindOfJson(parsed)} into Go value of type map[string]interface {}`,
      );
    const { resourceVersion: version } = current.metadata;
    const patched = patchErrors(() => {
      if (type === "application/json-patch+json") return applyJsonPatch(current, parsed);
      if (type === "application/merge-patch+json") return applyMergePatch(current, parsed);
      return applyStrategicMergePatch(current as unknown as JsonObject, parsed, kind.schema, context.library);
    });
    const shownPatch = (): string =>
      isStrategic ? goMapText(parsed) : shownResult(kind, patched as KubeObject, current);
    const next = readResult(shownPatch, () => decodePatched(context, kind, patched, { ...options, warnings }));
    checkIdentity(call, next);
    kind.strategy.setDefaults(next);
    // A patch that says nothing of the version is meant for whatever is there.
    if ((next.metadata.resourceVersion ?? "") === "" && version !== undefined) next.metadata.resourceVersion = version;
    return next;
  };
}

/** What a patch made is shown when nobody can read it; a strategic merge is shown itself. */
function readResult<T>(shownPatch: () => string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    const [, why] = error instanceof ApiError ? (/ cannot be handled as a \w+: (.*)$/s.exec(error.message) ?? []) : [];
    if (why === undefined) throw error;
    const message = `Invalid value: ${goQuote(shownPatch())}: ${why}`;
    throw invalid({ group: "", kind: "" }, "", [{ reason: "FieldValueInvalid", field: "patch", message }]);
  }
}

function parsePatch(body: Buffer): unknown {
  const text = body.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badRequest(`error decoding patch: ${jsonSyntaxError(text) ?? String(error)}`);
  }
}

function kindOfJson(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function patchErrors<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof ApplyError)
      throw error.code === "BadRequest" ? badRequest(error.message) : new ApiError(500, "", error.message);
    if (!(error instanceof PatchError)) throw error;
    switch (error.code) {
      case "BadRequest":
        throw badRequest(error.message);
      case "Invalid":
        throw new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {});
      case "TooLarge":
        throw tooLarge(error.message);
      case "InternalError":
        throw new ApiError(500, "", error.message);
    }
  }
}

/** Server-side apply: makes the object when it isn't there. */
function application(
  context: ServerContext,
  call: Call,
  { options, body }: { readonly options: WriteOptions; readonly body: Buffer },
): Change {
  const { kind, info, now, warnings } = call;
  // Whoever applies owns what was sent, and nothing that the kind's type adds to it.
  const { value, doubleKeys } = readYaml(body);
  const applied = appliedObject(value);
  const { settle, ...change } = replacement(context, call, options, (current) => current);
  return {
    ...change,
    mayCreate: true,
    propose: (current) => {
      if (!current && info.subresource !== "") throw notFound(kind, info.name);
      if (!current && applied.metadata.uid) {
        const mismatch = `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`;
        throw conflict(kind, info.name, mismatch);
      }
      if (!current) call.needs("create");
      const outcome = patchErrors(() =>
        serverSideApply({
          kind: kind.kind,
          live: current,
          applied,
          force: options.force ?? false,
          schema: kind.schema,
          library: context.library,
          manager: options.fieldManager,
          apiVersion: apiVersionOf(kind),
          subresource: info.subresource,
          ...resetFieldsOf(kind, info.subresource),
          now,
        }),
      );
      if (outcome.kind === "conflicts") {
        const { message, causes } = outcome.conflicts;
        throw new ApiError(409, "Conflict", message, {
          causes: causes.map((cause) => ({ reason: "FieldManagerConflict", ...cause })),
        });
      }
      tellDoubleKeys(doubleKeys, options, warnings);
      const decoding = { ...options, fieldValidation: "Ignore", warnings, keepsNulls: true } as const;
      const next = decodePatched(context, kind, outcome.object, decoding);
      checkIdentity(call, next);
      // Versions say which object is meant, and there is none yet.
      if (!current) delete next.metadata.resourceVersion;
      kind.strategy.setDefaults(next);
      return next;
    },
    settle: (proposed, current, turn) =>
      current ? settle(proposed, current, turn) : settleCreation(call, proposed, turn),
  };
}

/** After conflicts; a warning for each, while an error names all at once. */
function tellDoubleKeys(problem: string | undefined, { fieldValidation }: WriteOptions, warnings: string[]): void {
  if (problem === undefined || fieldValidation === "Ignore") return;
  if (fieldValidation === "Strict")
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${problem}`);
  const [, ...lines] = problem.split("\n");
  warnings.push(...lines.map((line) => line.trim()));
}

function appliedObject(object: unknown): KubeObject {
  if (object === null) throw badRequest("invalid object type: /, Kind=");
  if (!isJsonObject(object))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kindOfJson(object)} into Go value of type map[string]interface {}`,
    );
  const { metadata = {}, ...others } = object as unknown as KubeObject & Partial<KubeObject>;
  return { ...others, metadata };
}

interface AppliedYaml {
  readonly value: unknown;
  /** What a strict reader says of keys that are there twice, a line for each. */
  readonly doubleKeys?: string;
}

/** Hardly anybody writes a key twice: only then it is read twice. */
function readYaml(body: Buffer): AppliedYaml {
  const text = body.toString("utf8");
  try {
    return { value: decode(text, { strict: true }) };
  } catch (error) {
    if (!(error instanceof YamlError) || error.code !== "duplicate-key") throw notYaml(error);
    return { value: readLoosely(text), doubleKeys: error.goMessage };
  }
}

function readLoosely(text: string): unknown {
  try {
    return decode(text);
  } catch (error) {
    throw notYaml(error);
  }
}

function notYaml(error: unknown): Error {
  const why = error instanceof YamlError ? error.goMessage : String(error);
  return badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`);
}
