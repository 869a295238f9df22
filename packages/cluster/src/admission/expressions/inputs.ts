import { authorizerValue, type AuthorizationQuestion, type CelObject, type Program, type Value } from "@fairway/cel";
import type { Attributes, Decision } from "../../access/attributes.ts";
import type { UserInfo } from "../../api/api-exchange.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionRequest } from "../admission.ts";
import type { DescribedRequest } from "../matching/described-request.ts";
import { admissionEnvironment, namespaceType, requestType } from "./declared.ts";
import { dynamicValue, timeValue, typedValue } from "./json-value.ts";

export type Authorize = (attributes: Attributes) => Decision;

/** The values of the variables, each worked out when it is looked at for the first time. */
export type Inputs = (name: string) => Value | undefined;

export interface InputSources {
  readonly request: AdmissionRequest;
  /** As a rule names it, which may be another version than was asked for. */
  readonly described: DescribedRequest;
  readonly namespace: KubeObject | undefined;
  readonly authorize: Authorize;
}

export function inputsOf({ request, described, namespace, authorize }: InputSources): Inputs {
  const authorizer = authorizerValue((question) => decide(authorize, request.user, question));
  const sources: Readonly<Record<string, () => Value>> = {
    object: () => dynamicValue(described.object ?? null),
    oldObject: () => dynamicValue(described.old ?? null),
    request: () => requestValue(request, described),
    namespaceObject: () => (namespace ? namespaceValue(namespace) : null),
    authorizer: () => authorizer,
    "authorizer.requestResource": () => requestCheck(request, authorizer),
  };
  const known = new Map<string, Value>();
  return (name) => {
    const value = known.get(name) ?? (Object.hasOwn(sources, name) ? sources[name]?.() : undefined);
    if (value !== undefined) known.set(name, value);
    return value;
  };
}

/** With more variables, which take the place of others of their name. */
export function withInputs(inputs: Inputs, more: Readonly<Record<string, Value>>): Inputs {
  return (name) => (Object.hasOwn(more, name) ? more[name] : inputs(name));
}

function decide(authorize: Authorize, asker: UserInfo, question: AuthorizationQuestion): Decision {
  const { serviceAccount, verb, path } = question;
  const user = serviceAccount ? accountUser(serviceAccount.namespace, serviceAccount.name) : asker;
  if (path !== undefined) return authorize({ kind: "path", user, verb, path });
  const { group = "", resource = "", subresource = "", namespace = "", name = "" } = question;
  return authorize({ kind: "resource", user, verb, group, version: "*", resource, subresource, namespace, name });
}

function accountUser(namespace: string, name: string): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

let checkProgram: Program | undefined;

function requestCheck({ kind, subresource, namespace, name }: AdmissionRequest, authorizer: Value): Value {
  const quoted = [kind.group, kind.plural, subresource, namespace, name].map((text) => JSON.stringify(text));
  const [group, resource, sub, inNamespace, named] = quoted;
  const text = `authorizer.group(${group}).resource(${resource}).subresource(${sub}).namespace(${inNamespace}).name(${named})`;
  checkProgram = admissionEnvironment({ hasParams: false }).compile(text);
  return checkProgram.evaluate({ authorizer }).value;
}

function requestValue(
  { user, dryRun, operation, name, options }: AdmissionRequest,
  described: DescribedRequest,
): CelObject {
  const { kind, resource, requestKind, requestResource, subresource, namespace } = described;
  const kindValue = (of: typeof kind): CelObject => typedValue("kubernetes.GroupVersionKind", { ...of });
  const resourceValue = (of: typeof resource): CelObject => typedValue("kubernetes.GroupVersionResource", { ...of });
  return typedValue(requestType, {
    kind: kindValue(kind),
    resource: resourceValue(resource),
    subResource: subresource || undefined,
    requestKind: kindValue(requestKind),
    requestResource: resourceValue(requestResource),
    requestSubResource: subresource || undefined,
    name: name || undefined,
    namespace: namespace || undefined,
    operation,
    userInfo: typedValue("kubernetes.UserInfo", {
      username: user.name || undefined,
      uid: user.uid || undefined,
      groups: user.groups.length > 0 ? user.groups : undefined,
      extra: user.extra ? dynamicValue(user.extra) : undefined,
    }),
    dryRun,
    options: dynamicValue(options),
  });
}

function namespaceValue({ metadata, spec, status }: KubeObject): CelObject {
  const { finalizers } = (spec ?? {}) as { finalizers?: readonly string[] };
  const { phase } = (status ?? {}) as { phase?: string };
  const { labels, annotations, name, uid, creationTimestamp, deletionTimestamp, resourceVersion } = metadata;
  return typedValue(namespaceType, {
    metadata: typedValue("kubernetes.NamespaceMetadata", {
      name,
      labels: labels ? dynamicValue(labels) : undefined,
      annotations: annotations ? dynamicValue(annotations) : undefined,
      UID: uid,
      creationTimestamp: timeValue(creationTimestamp),
      deletionTimestamp: timeValue(deletionTimestamp),
      resourceVersion,
      finalizers: metadata.finalizers,
    }),
    spec: typedValue("kubernetes.NamespaceSpec", { finalizers }),
    status: typedValue("kubernetes.NamespaceStatus", { phase }),
  });
}
