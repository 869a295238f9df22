import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { done, resources, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";

interface Policy extends KubeObject {
  status?: { readonly observedGeneration?: number; readonly typeChecking?: unknown };
}

const manager = "validatingadmissionpolicy-status";

/** Says in the status of a policy what is wrong with its expressions, by the types of the kinds that it is for. */
export function policyStatusController(context: ControllerContext): Controller {
  const policies = context.informers.of<Policy>(resources.validatingAdmissionPolicies);
  return {
    name: "validatingadmissionpolicy-status-controller",
    watches: [watching(policies, ({ metadata }) => [metadata.name ?? ""])],
    reconcile: async (name) => {
      const policy = policies.get("", name);
      const { checkPolicy } = context.options;
      const { generation = 0 } = policy?.metadata ?? {};
      if (policy === undefined || checkPolicy === undefined || policy.status?.observedGeneration === generation)
        return done;
      const expressionWarnings = checkPolicy(policy);
      const typeChecking = expressionWarnings.length === 0 ? {} : { expressionWarnings };
      const status = { observedGeneration: generation, typeChecking };
      if (equalJson(policy.status, status)) return done;
      const applied = { apiVersion: policy.apiVersion, kind: policy.kind, metadata: { name }, status };
      const target = { name, part: "status", type: "apply", manager } as const;
      await unless(["not-found"], context.api.patch(resources.validatingAdmissionPolicies, target, applied));
      return done;
    },
  };
}
