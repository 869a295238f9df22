import { trackUpdate } from "../../apply/index.ts";
import { apiVersionOf, type Kind } from "../../kinds/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { canonicalValue, objectSchema } from "../../schema/index.ts";
import { namespaceOf, type Call } from "../call.ts";
import { bodyText, decodeBody } from "../read-body.ts";
import type { ServerContext } from "../server-context.ts";
import { badRequest } from "../status.ts";
import { writeOptionsOf, type WriteOptions } from "../write-options.ts";

export interface Sent {
  readonly object: KubeObject;
  readonly options: WriteOptions;
}

/** An object that is sent to be acted upon; its kind is not that of the path. */
export async function sentObject(context: ServerContext, call: Call, kind: Kind = call.kind): Promise<Sent> {
  const { request, warnings } = call;
  const options = writeOptionsOf("CreateOptions", request.query, {
    userAgent: request.headers["user-agent"] ?? "",
    isApply: false,
  });
  const text = bodyText(await request.body(), request.headers["content-type"]);
  const object = decodeBody(context, kind, text, { ...options, warnings });
  const namespace = namespaceOf(call);
  const given = object.metadata.namespace ?? "";
  if (given !== "" && given !== namespace)
    throw badRequest(
      namespace === ""
        ? "namespace is not allowed on this type"
        : "the namespace of the provided object does not match the namespace sent on the request",
    );
  if (namespace !== "") object.metadata.namespace = namespace;
  return { object, options };
}

/** Says in the object who said what of it. */
export function tracked(
  context: ServerContext,
  call: Call,
  { object, options }: Sent,
  kind: Kind = call.kind,
): KubeObject {
  const { subresource } = call.info;
  return trackUpdate({
    live: undefined,
    next: object,
    schema: kind.schema,
    library: context.library,
    manager: options.fieldManager,
    apiVersion: apiVersionOf(kind),
    now: call.now,
    ...(subresource === "" ? {} : { subresource }),
  });
}

/** As Go writes it. */
export function canonical(context: ServerContext, kind: Kind, object: KubeObject): KubeObject {
  return canonicalValue(kind.schema, object, context.library, kind.kind).value as unknown as KubeObject;
}

/** What is sent to a subresource, of another kind than the object it belongs to. */
export function bodyKind(
  around: Kind,
  { group, version, kind }: { readonly group: string; readonly version: string; readonly kind: string },
): Kind {
  const folder = group === "" ? "core" : (group.split(".")[0] ?? "");
  const schemaName = `io.k8s.api.${folder}.${version}.${kind}`;
  return { ...around, group, version, kind, schemaName, schema: objectSchema(schemaName) };
}
