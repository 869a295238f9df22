import type { FieldError } from "../object/field-error.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { ObjectSchema } from "../schema/schema.ts";

/**
 * All that the API server knows of a kind, built-in or custom. Every built-in kind is one file in `kinds/<group>/` that makes one of
 * these, and a line in the catalogue; a CustomResourceDefinition becomes one at run time.
 */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** What discovery lists, e.g. only `create` for reviews. */
  readonly verbs: readonly Verb[];
  /** The name of the published schema: `io.k8s.api.apps.v1.Deployment`. */
  readonly schemaName: string;
  readonly schema: ObjectSchema;
  readonly subresources: Subresources;
  readonly columns: readonly Column[];
  /** Fields besides `metadata.name` and `metadata.namespace` that field selectors and `selectableFields` take. */
  readonly selectableFields: Readonly<Record<string, (object: KubeObject) => string>>;
  /** How the stored form of the kind is found when several versions share it: the group and version that is written. */
  readonly storedAs?: { readonly group: string; readonly version: string };
  /** Paths that a write of the object, or of its status, can't change; left out: the status, or the spec. */
  readonly resetFields?: {
    readonly object?: readonly (readonly string[])[];
    readonly status?: readonly (readonly string[])[];
  };
  /** Said to everybody who asks for objects of the kind. */
  readonly deprecation?: string;
  readonly strategy: Strategy;
  /** The kind of its lists; `${kind}List` unless said otherwise. */
  readonly listKind?: string;
  /** Of custom kinds, whose objects are read by their own schema instead of types. */
  readonly custom?: CustomForm;
}

/** What a CustomResourceDefinition makes different. */
export interface CustomForm {
  /**
   * Leaves out what the schema does not know, and says what that was; nulls that may not be ones too, unless they are to be kept. Throws a
   * DecodeError for metadata of other types.
   */
  readonly decode: (
    parsed: JsonObject,
    keepsNulls?: boolean,
  ) => { readonly value: JsonObject; readonly unknownFields: readonly string[] };
  /** What is stored, as this version sees it: converted, without unknown fields, with defaults. May throw `ConversionNeeded`. */
  readonly fromStored: (object: KubeObject) => KubeObject;
  /** The object in the version that is stored. May throw `ConversionNeeded`. */
  readonly toStored: (object: KubeObject) => KubeObject;
  /** The schema as the definition says it, for published documents. */
  readonly jsonSchema: JsonObject;
  /** Sentences for every request, such as that the version is deprecated. */
  readonly warnings: readonly string[];
  /** The revision since which there is the kind; watches can't begin before it. */
  readonly since: number;
  /** The definition is being deleted: nothing new is created. */
  readonly isTerminating: boolean;
}

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

export interface Subresources {
  readonly status?: true;
  /** Dot paths as a CustomResourceDefinition says them: `.spec.replicas`. */
  readonly scale?: { readonly specReplicas: string; readonly statusReplicas: string; readonly selector?: string };
  /** Others (`log`, `exec`, `binding`, `eviction`, `token`, ...) with what discovery says of them. */
  readonly others?: readonly OtherSubresource[];
}

export interface OtherSubresource {
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly (Verb | string)[];
}

/** What happens to an object on its way to the store. All of it changes or reads the object alone. */
export interface Strategy {
  /** Fills in what the author left out, in place, at every decode of a request (and of stored older objects). */
  readonly setDefaults: (object: KubeObject) => void;
  /** Clears what a creator may not set (status, generation), in place. */
  readonly prepareForCreate: (object: KubeObject, requester: Requester) => void;
  /** Keeps what an updater may not change, raises `metadata.generation` when the spec changed, in place. */
  readonly prepareForUpdate: (next: KubeObject, current: KubeObject) => void;
  /** As `prepareForUpdate`, for `/status`: everything but status stays as it is. */
  readonly prepareForStatusUpdate: (next: KubeObject, current: KubeObject) => void;
  readonly validate: (object: KubeObject) => readonly FieldError[];
  /** What is wrong and may stay, because it was so before, is a warning. */
  readonly validateUpdate: (next: KubeObject, current: KubeObject, warn?: Warn) => readonly FieldError[];
  readonly validateStatusUpdate: (next: KubeObject, current: KubeObject, warn?: Warn) => readonly FieldError[];
  /** Sentences for the `Warning` header, such as of deprecated fields. */
  readonly warnings: (object: KubeObject, current: KubeObject | undefined) => readonly string[];
  /** Whether PUT on a missing name creates (`AllowCreateOnUpdate`). */
  readonly createsOnUpdate: boolean;
  /** Whether an update without resourceVersion is allowed. */
  readonly updatesUnconditionally: boolean;
  /** Seconds that a deletion waits when nobody says so; undefined: it is gone at once. */
  readonly defaultGraceSeconds?: (object: KubeObject) => number | undefined;
  /** Changes an object, in place, when its deletion is first asked for, such as by adding a finalizer. */
  readonly prepareForDelete?: (object: KubeObject, now: Date) => void;
}

export type Warn = (sentence: string) => void;

/** Who asks for the change, where a kind remembers it. */
export interface Requester {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, others only with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: KubeObject, now: Date) => unknown;
  /** It stands in the rows, but not among the columns. */
  readonly isUnnamed?: true;
}
