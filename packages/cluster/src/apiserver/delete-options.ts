import { goQuote } from "../object/go-text.ts";
import type { FieldError } from "../object/field-error.ts";
import { isJsonObject } from "../object/json-value.ts";
import { DecodeError, decodeStrictly, objectSchema } from "../schema/index.ts";
import type { Call } from "./call.ts";
import { bodyText } from "./read-body.ts";
import { badRequest, invalid } from "./status.ts";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

/** How something is to be deleted: what stands in the body takes the place of all that stands in the address. */
export async function deleteOptionsOf({ request }: Call): Promise<DeleteOptions> {
  const body = await request.body();
  const options =
    body.length === 0 ? fromQuery(request.query) : fromBody(bodyText(body, request.headers["content-type"]));
  const errors = faultsOf(options);
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", errors);
  return options;
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get("gracePeriodSeconds");
  const orphan = query.get("orphanDependents");
  const policy = query.get("propagationPolicy");
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: wholeNumber(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(orphan === null ? {} : { orphanDependents: orphan !== "0" && orphan.toLowerCase() !== "false" }),
    ...(query.has("dryRun") ? { dryRun: query.getAll("dryRun") } : {}),
  };
}

const INT64_MAX = 2n ** 63n - 1n;

function wholeNumber(text: string): number {
  const refuse = (why: string): Error => badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: ${why}`);
  if (!/^[-+]?\d+$/.test(text)) throw refuse("invalid syntax");
  const value = BigInt(text.replace("+", ""));
  if (value > INT64_MAX || value < -INT64_MAX - 1n) throw refuse("value out of range");
  return Number(value);
}

/** Any version of DeleteOptions is taken, of any group. */
function fromBody(text: string): DeleteOptions {
  try {
    checkKind(JSON.parse(text));
    const { object } = decodeStrictly(schema, text, { typeName: "DeleteOptions" });
    return object;
  } catch (error) {
    if (error instanceof SyntaxError) return decodeNothing(text);
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

const schema = objectSchema("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
const notRead = "couldn't get version/kind; json parse error:";
const header =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** Says in Go's words why a text is no JSON. */
function decodeNothing(text: string): never {
  try {
    decodeStrictly(schema, text);
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${notRead} ${error.message}`);
    throw error;
  }
  throw badRequest(notRead);
}

function checkKind(value: unknown): void {
  if (value === null) return;
  if (!isJsonObject(value))
    throw badRequest(`${notRead} json: cannot unmarshal ${sortOf(value)} into Go value of type ${header}`);
  for (const name of ["kind", "apiVersion"]) {
    const given = value[name] ?? "";
    if (typeof given !== "string")
      throw badRequest(
        `${notRead} json: cannot unmarshal ${sortOf(given)} into Go struct field .${name} of type string`,
      );
  }
  const { kind = "", apiVersion = "" } = value;
  if (kind === "" || kind === null || kind === "DeleteOptions") return;
  const version = goQuote(String(apiVersion) || "meta.k8s.io/v1");
  throw badRequest(
    `no kind ${goQuote(String(kind))} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

function sortOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

const policies: readonly string[] = ["Foreground", "Background", "Orphan"];

function faultsOf({ propagationPolicy: policy, orphanDependents, dryRun }: DeleteOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (policy !== undefined && orphanDependents !== undefined)
    errors.push({
      reason: "FieldValueInvalid",
      field: "propagationPolicy",
      message: `Invalid value: ${goQuote(policy)}: orphanDependents and deletionPropagation cannot be both set`,
    });
  if (policy !== undefined && !policies.includes(policy))
    errors.push({
      reason: "FieldValueNotSupported",
      field: "propagationPolicy",
      message: `Unsupported value: ${goQuote(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
    });
  if (dryRun?.some((value) => value !== "All"))
    errors.push({
      reason: "FieldValueNotSupported",
      field: "dryRun",
      message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
    });
  return errors;
}
