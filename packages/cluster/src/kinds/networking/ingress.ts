import type { Ingress } from "../../schema/data/types/networking-v1.ts";
import { addressesText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { validateIngress } from "../ingress/validate.ts";
import { validateIngressStatus } from "./validate.ts";

const HOSTS_MAX = 3;

export const ingress = defineKind<Ingress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  shortNames: ["ing"],
  hasStatus: true,
  generationOf: ["spec"],
  validate: validateIngress,
  validateStatusUpdate: validateIngressStatus,
  warnings: ({ metadata, spec }) =>
    metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined && spec.ingressClassName === undefined
      ? ["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"]
      : [],
  cells: {
    Class: ({ spec }) => spec.ingressClassName ?? "<none>",
    Hosts: ({ spec }) => {
      const rules = spec.rules ?? [];
      const hosts = rules.flatMap(({ host }) => host ?? []);
      const shown = hosts.slice(0, HOSTS_MAX).join(",") || "*";
      return hosts.length >= HOSTS_MAX && rules.length > HOSTS_MAX
        ? `${shown} + ${rules.length - HOSTS_MAX} more...`
        : shown;
    },
    Address: ({ status }) => addressesText(status.loadBalancer.ingress),
    Ports: ({ spec }) => ((spec.tls ?? []).length > 0 ? "80, 443" : "80"),
  },
});
