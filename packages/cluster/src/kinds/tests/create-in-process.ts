import { isJsonObject } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { DecodeError, decodeStrictly } from "../../schema/index.ts";
import { builtInKinds } from "../catalogue.ts";
import type { Kind } from "../kind.ts";
import { apiVersionOf, createKindRegistry } from "../registry.ts";
import { allocateService } from "../service/allocation.ts";
import { servicePool } from "../service/pool.ts";
import { invalidMessage } from "../validation/errors.ts";

export interface Creation {
  readonly status: number;
  readonly message: string;
  readonly causes: readonly FieldError[];
  readonly warnings: readonly string[];
  readonly object: KubeObject | undefined;
}

export const NAMESPACE = "orders-team";
export const UID = "0a1b2c3d-0000-4000-8000-00000000000f";

/** Who asks in the recorded requests. */
const requester = { name: "somebody", groups: ["system:masters", "system:authenticated"] };

const registry = createKindRegistry(builtInKinds);

/** The part of a create that the kind decides, without admission, storage and managed fields. */
export function createInProcess(path: string, body: unknown): Creation {
  const kind = kindOf(path);
  const parsed = isJsonObject(body) ? { kind: kind.kind, apiVersion: apiVersionOf(kind), ...body } : body;
  const nothing = { causes: [], warnings: [], object: undefined };
  let object: KubeObject;
  try {
    const decoded = decodeStrictly(kind.schema, JSON.stringify(parsed).replaceAll("$ns", NAMESPACE), {
      typeName: kind.kind,
    });
    if (decoded.problems.length > 0 && path.includes("fieldValidation=Strict"))
      return {
        ...nothing,
        status: 400,
        message: notHandled(kind, `strict decoding error: ${decoded.problems.join(", ")}`),
      };
    object = decoded.object as unknown as KubeObject;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { ...nothing, status: 400, message: notHandled(kind, error.message) };
  }
  kind.strategy.setDefaults(object);
  if (kind.namespaced) object.metadata.namespace ??= NAMESPACE;
  object.metadata.uid = UID;
  object.metadata.creationTimestamp = "2026-01-02T03:04:05Z";
  const allocation = kind.plural === "services" ? allocateService(object, undefined, pool) : undefined;
  if (allocation?.kind === "invalid") return refusal(kind, object, allocation.errors);
  kind.strategy.prepareForCreate(object, requester);
  const causes = kind.strategy.validate(object);
  const warnings = kind.strategy.warnings(object, undefined);
  // What is stored is completed once more when it is read.
  if (causes.length === 0) kind.strategy.setDefaults(object);
  if (causes.length === 0) return { status: 201, message: "", causes, warnings, object };
  return refusal(kind, object, causes);
}

const pool = servicePool({
  block: "10.96.0.0/16",
  isTaken: () => false,
  take: () => undefined,
  random: () => 0,
  isDryRun: true,
});

function refusal(kind: Kind, object: KubeObject, causes: readonly FieldError[]): Creation {
  const message = invalidMessage(kind, object.metadata.name ?? "", causes);
  return { status: 422, message, causes, warnings: [], object };
}

export function kindOf(path: string): Kind {
  const [, group = "", version = "", plural = ""] =
    /^\/apis?\/(?:([^/]+)\/)?(v\d+)\/(?:namespaces\/[^/]+\/)?(\w+)/.exec(path) ?? [];
  const kind = registry.byResource(group, version, plural);
  if (!kind) throw new RangeError(`no kind for ${path}`);
  return kind;
}

/** As the recorded answers have it: names of the run replaced. */
export function normalised(text: string): string {
  return text
    .replaceAll(NAMESPACE, "$ns")
    .replaceAll(UID, "(uid 1)")
    .replaceAll(/\b10\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/g, "(address)")
    .replaceAll("127.0.0.1", "(server)")
    .replaceAll("2026-01-02T03:04:05Z", "(time)")
    .replaceAll(/"LS0tLS1CRUdJTi[^"]*"/g, '"(certificate)"')
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g, "(microtime)");
}

function notHandled(kind: Kind, what: string): string {
  return `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${what}`;
}
