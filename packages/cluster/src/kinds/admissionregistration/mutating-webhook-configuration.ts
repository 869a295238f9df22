import type { MutatingWebhookConfiguration } from "../../schema/data/types/admissionregistration-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setWebhookDefaults } from "./webhook-defaults.ts";

export const mutatingWebhookConfiguration = defineKind<MutatingWebhookConfiguration>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingWebhookConfiguration",
  plural: "mutatingwebhookconfigurations",
  hasStandardFinalizers: false,
  updateChecks: ["new", "whole"],
  updatesUnconditionally: false,
  categories: ["api-extensions"],
  namespaced: false,
  generationOf: ["webhooks"],
  setDefaults: ({ webhooks }) => {
    for (const webhook of webhooks ?? []) {
      setWebhookDefaults(webhook);
      webhook.reinvocationPolicy ??= "Never";
    }
  },
  cells: { Webhooks: ({ webhooks }) => webhooks?.length ?? 0 },
});
