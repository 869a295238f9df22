import type { ResourceClaimTemplate } from "../../schema/data/types/resource-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setDeviceDefaults } from "./device-defaults.ts";
import { dropFromClaim } from "./unfinished-fields.ts";
import { validateTemplate, validateTemplateUpdate } from "./validate.ts";

export const resourceClaimTemplate = defineKind<ResourceClaimTemplate>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaimTemplate",
  plural: "resourceclaimtemplates",
  nullWhenEmpty: ["spec.spec.devices.requests"],
  setDefaults: ({ spec }) => setDeviceDefaults(spec.spec),
  prepareForCreate: ({ spec }) => dropFromClaim(spec.spec),
  prepareForUpdate: ({ spec }) => dropFromClaim(spec.spec),
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateTemplate,
  validateUpdate: validateTemplateUpdate,
});
