/**
 * The shape of a value, for built-in and custom kinds alike. Strict decoding, pruning, defaults of custom kinds, strategic
 * merge, server-side apply and the published OpenAPI documents all read this one description.
 */
export type Schema = ObjectSchema | MapSchema | ListSchema | ScalarSchema | AnySchema;

/** Fields with names that the kind defines. */
export interface ObjectSchema extends Described {
  readonly type: "object";
  readonly fields: Readonly<Record<string, SchemaRef>>;
  readonly required?: readonly string[];
  /** The whole struct has one owner in server-side apply. */
  readonly atomic?: boolean;
  /** Fields that are left out when they are "", 0, false, [] or {}: Go's `omitempty`. Those of custom kinds never are. */
  readonly nonzero?: readonly string[];
  /** Fields that are always written, with what stands there when nothing was said. A {} is completed by its own schema. */
  readonly zeros?: Readonly<Record<string, unknown>>;
  /** Unknown fields are kept (`x-kubernetes-preserve-unknown-fields`). */
  readonly open?: boolean;
  /** The value is a whole Kubernetes object (`x-kubernetes-embedded-resource`). */
  readonly embedded?: boolean;
  /** The root of a custom kind: an absent field is absent and null is null, where built-in kinds have structs that are always there. */
  readonly custom?: true;
}

/** Keys that the user chooses, such as labels. */
export interface MapSchema extends Described {
  readonly type: "map";
  readonly values: SchemaRef;
  readonly atomic?: boolean;
}

export interface ListSchema extends Described {
  readonly type: "list";
  readonly items: SchemaRef;
  /** How server-side apply merges: `x-kubernetes-list-type`. */
  readonly listType: "atomic" | "set" | "map";
  readonly listKeys?: readonly string[];
}

export interface ScalarSchema extends Described {
  readonly type: "string" | "integer" | "number" | "boolean";
  /** `int-or-string` and `quantity` take numbers and strings. */
  readonly format?:
    | "int32"
    | "int64"
    | "double"
    | "byte"
    | "date-time"
    | "micro-time"
    | "int-or-string"
    | "quantity"
    | "duration";
  readonly enum?: readonly string[];
}

/** Any JSON value: RawExtension, JSON, or a custom kind's free part. */
export interface AnySchema extends Described {
  readonly type: "any";
  /** The whole value has one owner in server-side apply, whatever it is: that of built-in kinds. */
  readonly atomic?: boolean;
}

/** A schema, or the name of one, because some refer to themselves. What a field adds to the named one stands beside the name. */
export type SchemaRef = Schema | NamedSchema;

export interface NamedSchema extends Described {
  readonly ref: string;
  readonly atomic?: boolean;
}

/** What a field adds to the shape it has. */
export interface Described {
  readonly nullable?: boolean;
  /** A static default that the published document shows and that keys of lists are completed with (`protocol: TCP`). */
  readonly default?: unknown;
  /** `x-kubernetes-patch-strategy`, comma separated as published: `merge`, `retainKeys`, `merge,retainKeys`, `replace`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
}

/** Finds a schema by the name a reference gives, e.g. `io.k8s.api.core.v1.PodSpec`, with what the reference adds to it. */
export interface SchemaLibrary {
  readonly resolve: (ref: SchemaRef) => Schema;
}
