import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { done, resources, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { LabelSelector } from "../../model/selector.ts";

interface ClusterRole extends KubeObject {
  rules?: readonly unknown[] | null;
  aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

const manager = "clusterrole-aggregation-controller";

/** Writes into roles that gather others the rules of those that they name by their labels. */
export function roleAggregationController(context: ControllerContext): Controller {
  const roles = context.informers.of<ClusterRole>(resources.clusterRoles);
  const gathering = "gathering";
  roles.addIndex(gathering, (role) => (role.aggregationRule === undefined ? [] : ["yes"]));
  return {
    name: manager,
    // Any role may be gathered by any other that gathers; there are few of these.
    watches: [watching(roles, () => roles.find(gathering, "yes").map(({ metadata }) => metadata.name ?? ""))],
    reconcile: async (name) => {
      const role = roles.get("", name);
      if (role?.aggregationRule === undefined) return done;
      const rules = gather(role, roles.list());
      if (equalJson(rules, role.rules ?? [])) return done;
      const applied = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
      await context.api.patch(resources.clusterRoles, { name, type: "apply", manager }, applied);
      return done;
    },
  };
}

function gather(role: ClusterRole, roles: readonly ClusterRole[]): unknown[] {
  const rules: unknown[] = [];
  const sorted = [...roles].sort((left, right) => ((left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1));
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    for (const other of sorted) {
      if (other.metadata.name === role.metadata.name || !matchesSelector(selector, other.metadata.labels)) continue;
      for (const rule of other.rules ?? []) if (!rules.some((known) => equalJson(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
