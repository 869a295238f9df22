import type { ConfigMap } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateConfigMap, validateConfigMapUpdate } from "../config/validate.ts";

export const configMap = defineKind<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  updateChecks: ["change", "rest", "new", "whole"],
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
  cells: {
    Data: ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
  },
});
