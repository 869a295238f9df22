import {
  AUTHORIZER_TYPE,
  BOOL,
  createEnvironment,
  DYN,
  INT,
  KUBERNETES_LIBRARIES,
  listOf,
  mapOf,
  opaque,
  STRING,
  struct,
  TIMESTAMP,
  type CelType,
  type Environment,
  type Library,
  type StructFields,
} from "@fairway/cel";

export const requestType = "kubernetes.AdmissionRequest";
export const namespaceType = "kubernetes.Namespace";
export const variablesType = "kubernetes.variables";
export const checkType = "kubernetes.authorization.ResourceCheck";

/** What expressions of admission can speak of, by the names of types. */
const structs: Readonly<Record<string, StructFields>> = {
  "kubernetes.GroupVersionKind": { group: STRING, version: STRING, kind: STRING },
  "kubernetes.GroupVersionResource": { group: STRING, version: STRING, resource: STRING },
  "kubernetes.UserInfo": {
    username: STRING,
    uid: STRING,
    groups: listOf(STRING),
    extra: mapOf(STRING, listOf(STRING)),
  },
  [requestType]: {
    kind: struct("kubernetes.GroupVersionKind"),
    resource: struct("kubernetes.GroupVersionResource"),
    subResource: STRING,
    requestKind: struct("kubernetes.GroupVersionKind"),
    requestResource: struct("kubernetes.GroupVersionResource"),
    requestSubResource: STRING,
    name: STRING,
    namespace: STRING,
    operation: STRING,
    userInfo: struct("kubernetes.UserInfo"),
    dryRun: BOOL,
    options: DYN,
  },
  "kubernetes.NamespaceMetadata": {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: mapOf(STRING, STRING),
    annotations: mapOf(STRING, STRING),
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: listOf(STRING),
  },
  "kubernetes.NamespaceSpec": { finalizers: listOf(STRING) },
  "kubernetes.NamespaceStatus": { phase: STRING },
  [namespaceType]: {
    metadata: struct("kubernetes.NamespaceMetadata"),
    spec: struct("kubernetes.NamespaceSpec"),
    status: struct("kubernetes.NamespaceStatus"),
  },
};

export interface Declared {
  readonly hasParams: boolean;
  /** True unless said otherwise. */
  readonly hasAuthorizer?: boolean;
  /** Of the policy, with the types that they turned out to have. */
  readonly variables?: Readonly<Record<string, CelType>>;
  readonly structs?: Readonly<Record<string, StructFields>>;
  /** Of the object that is judged, where it is known beforehand. */
  readonly object?: CelType;
  readonly libraries?: readonly Library[];
}

export function admissionEnvironment({ hasParams, hasAuthorizer = true, variables, ...more }: Declared): Environment {
  return createEnvironment({
    homogeneous: true,
    libraries: [...KUBERNETES_LIBRARIES, ...(more.libraries ?? [])],
    structs: { ...structs, ...more.structs, ...(variables ? { [variablesType]: variables } : {}) },
    variables: {
      object: more.object ?? DYN,
      oldObject: more.object ?? DYN,
      request: struct(requestType),
      namespaceObject: struct(namespaceType),
      ...(hasAuthorizer
        ? { authorizer: opaque(AUTHORIZER_TYPE), "authorizer.requestResource": opaque(checkType) }
        : {}),
      ...(hasParams ? { params: DYN } : {}),
      ...(variables ? { variables: struct(variablesType) } : {}),
    },
  });
}
