import objects from "../data/bootstrap-roles.json" with { type: "json" };
import type { KubeObject } from "../../object/kube-object.ts";

/**
 * The roles and bindings that every Kubernetes begins with, as version 1.35 makes them. The rules of aggregated roles (admin, edit, view) are
 * not here: a controller fills them in.
 */
export const bootstrapRoles: readonly KubeObject[] = objects;
