import type { ValidatingWebhookConfiguration } from "../../schema/data/types/admissionregistration-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setWebhookDefaults } from "./webhook-defaults.ts";

export const validatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingWebhookConfiguration",
  plural: "validatingwebhookconfigurations",
  hasStandardFinalizers: false,
  updateChecks: ["new", "whole"],
  updatesUnconditionally: false,
  categories: ["api-extensions"],
  namespaced: false,
  generationOf: ["webhooks"],
  setDefaults: ({ webhooks }) => {
    for (const webhook of webhooks ?? []) {
      setWebhookDefaults(webhook);
    }
  },
  cells: { Webhooks: ({ webhooks }) => webhooks?.length ?? 0 },
});
