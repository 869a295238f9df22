import type { Kind } from "../kinds/index.ts";
import { groupPath, isCustom, metaSchema, operationGroup, versionTag } from "./names.ts";
import type { Content, GroupVersionKind, Method, Operation, Parameter, RequestBody } from "./operation.ts";
import {
  nameParameter,
  namespaceParameter,
  patchParameters,
  prettyParameter,
  readParameters,
  writeParameters,
} from "./parameters.ts";

export const streamed = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"];
export const offered = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const offeredForCustom = ["application/json", "application/yaml"];

/** How the operations of one kind are made, those of its subresources too. */
export interface Maker {
  readonly kind: Kind;
  /** Of one object, without its name's subresource. */
  readonly objectPath: string;
  readonly collectionPath: string;
  readonly make: (verb: string, path: string, what: Making) => Operation;
  readonly patchTypes: readonly string[];
}

export interface Making {
  readonly method: Method;
  readonly action?: string;
  readonly about?: GroupVersionKind;
  /** After the kind in the operation's name: `Scale`, `ListForAllNamespaces`. */
  readonly suffix?: string;
  readonly isEverywhere?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly body?: RequestBody;
  readonly answers: Readonly<Record<string, Content>>;
  readonly produces?: readonly string[];
  readonly consumes?: readonly string[];
}

export function makerOf(kind: Kind): Maker {
  const base = groupPath(kind);
  const collectionPath = kind.namespaced ? `${base}/namespaces/{namespace}/${kind.plural}` : `${base}/${kind.plural}`;
  const types = isCustom(kind) ? offeredForCustom : offered;
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    kind,
    collectionPath,
    objectPath: `${collectionPath}/{name}`,
    patchTypes: [
      "application/json-patch+json",
      "application/merge-patch+json",
      ...(isCustom(kind) ? [] : ["application/strategic-merge-patch+json"]),
      "application/apply-patch+yaml",
    ],
    make: (verb, path, { method, action, about, suffix = "", isEverywhere = false, parameters = [], ...rest }) => {
      const where = kind.namespaced && !isEverywhere ? "Namespaced" : "";
      return {
        path,
        method,
        id: `${verb.replace("$", operationGroup(kind))}${where}${kind.kind}${suffix}`,
        tag: versionTag(kind),
        action: action ?? method,
        kind: about ?? gvk,
        parameters: [...placeParameters(path), ...parameters],
        answers: rest.answers,
        produces: rest.produces ?? types,
        consumes: rest.consumes ?? (isCustom(kind) ? types : ["*/*"]),
        ...(rest.body === undefined ? {} : { body: rest.body }),
      };
    },
  };
}

function placeParameters(path: string): readonly Parameter[] {
  return [
    ...(path.includes("{name}") ? [nameParameter] : []),
    ...(path.includes("{namespace}") ? [namespaceParameter] : []),
    prettyParameter,
  ];
}

const patchBody: RequestBody = { schema: metaSchema("Patch"), isRequired: true, shared: "body-78PwaGsr" };

export interface Part {
  readonly content: Content;
  readonly suffix?: string;
  readonly about?: GroupVersionKind;
}

export function read({ kind, make }: Maker, path: string, { content, ...part }: Part): Operation {
  const parameters = isCustom(kind) ? readParameters : [];
  return make("read$", path, { method: "get", parameters, answers: { 200: content }, ...part });
}

export function replace({ make }: Maker, path: string, { content, ...part }: Part): Operation {
  return make("replace$", path, {
    method: "put",
    parameters: writeParameters,
    body: { schema: content === "text" ? "" : content.schema, isRequired: true },
    answers: { 200: content, 201: content },
    ...part,
  });
}

export function patch({ kind, make, patchTypes }: Maker, path: string, { content, ...part }: Part): Operation {
  return make("patch$", path, {
    method: "patch",
    parameters: patchParameters,
    body: patchBody,
    consumes: patchTypes,
    answers: isCustom(kind) ? { 200: content } : { 200: content, 201: content },
    ...part,
  });
}
