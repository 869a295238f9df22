import type { KubeObject } from "../object/kube-object.ts";
import { namespaceOf, type Call } from "./call.ts";
import { badRequest } from "./status.ts";

/** An object that is changed has to be that of the address: in its namespace, which it need not name, and of its name, which it must. */
export function checkIdentity(call: Call, { metadata }: KubeObject): void {
  checkNamespace(call, metadata);
  const { name = "" } = metadata;
  const expected = call.info.name;
  if (name === "")
    throw badRequest(`the name of the object (${expected} based on URL) was undeterminable: name must be provided`);
  if (name !== expected)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${expected})`);
}

/** Outside of namespaces it means nothing. */
export function checkNamespace(call: Call, metadata: KubeObject["metadata"]): void {
  const expected = namespaceOf(call);
  const { namespace = "" } = metadata;
  if (expected === "") delete metadata.namespace;
  else if (namespace === "") metadata.namespace = expected;
  else if (namespace !== expected)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
}
