import type { PolicyRule } from "./policy-rule.ts";

/** Where roles and bindings come from: the newest durable state. */
export interface RoleObjects {
  /** Another number whenever a role or binding has changed, so that what was worked out from them can be forgotten. */
  readonly version: () => number;
  readonly clusterRole: (name: string) => Role | undefined;
  readonly role: (namespace: string, name: string) => Role | undefined;
  readonly clusterRoleBindings: () => readonly RoleBinding[];
  readonly roleBindings: (namespace: string) => readonly RoleBinding[];
}

export interface Role {
  readonly rules?: readonly PolicyRule[] | null;
}

export interface RoleBinding {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | null;
}

export interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
