import type { DeviceClass } from "../../schema/data/types/resource-v1.ts";
import { defineKind } from "../define-kind.ts";
import { subdomainName } from "../validation/names.ts";
import { dropFromClass } from "./unfinished-fields.ts";
import { validateDeviceClass } from "./validate.ts";

export const deviceClass = defineKind<DeviceClass>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "DeviceClass",
  plural: "deviceclasses",
  namespaced: false,
  // What is too long is counted in bytes here, and in characters elsewhere.
  nameRule: (name, isPrefix) => subdomainName(name, isPrefix).map((each) => each.replace(/ characters$/, " bytes")),
  generationOf: ["spec"],
  prepareForCreate: dropFromClass,
  prepareForUpdate: dropFromClass,
  updateChecks: ["new", "change", "whole"],
  validate: validateDeviceClass,
});
