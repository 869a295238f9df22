import type { NetworkPolicy } from "../../schema/data/types/networking-v1.ts";
import { selectorText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { validateNetworkPolicy } from "../network-policy/validate.ts";

export const networkPolicy = defineKind<NetworkPolicy>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  shortNames: ["netpol"],
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
    for (const { ports } of rules) for (const port of ports ?? []) port.protocol ??= "TCP";
    if (spec.policyTypes) return;
    spec.policyTypes = (spec.egress ?? []).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  },
  updateChecks: ["new", "whole", "change", "whole"],
  validate: validateNetworkPolicy,
  cells: { "Pod-Selector": ({ spec }) => selectorText(spec.podSelector) },
});
