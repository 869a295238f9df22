import type { NodeSelectorTerm } from "../../schema/data/types/core-v1.ts";
import { labelValue } from "../validation/names.ts";

const successors: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "app.kubernetes.io/created-by": "deprecated since v1.9",
  "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What is said of a label of nodes that has another name now. */
export function labelSuccessor(key: string): string | undefined {
  return Object.hasOwn(successors, key) ? successors[key] : undefined;
}

export function nodeTermWarnings(
  { matchExpressions }: NodeSelectorTerm,
  checks: { readonly checksValues: boolean },
  field: string,
): string[] {
  return (matchExpressions ?? []).flatMap(({ key, values }, index) => {
    const place = `${field}.matchExpressions[${index}]`;
    const successor = labelSuccessor(key);
    const warnings = successor === undefined ? [] : [`${place}.key: ${key} is ${successor}`];
    if (!checks.checksValues) return warnings;
    for (const [at, value] of (values ?? []).entries())
      for (const message of labelValue(value)) warnings.push(`${place}.values[${at}]: ${value} is invalid, ${message}`);
    return warnings;
  });
}
