import type { ResourceSlice } from "../../schema/data/types/resource-v1.ts";
import { defineKind } from "../define-kind.ts";
import { dropFromSlice } from "./unfinished-fields.ts";
import { validateSlice, validateSliceUpdate } from "./validate.ts";

export const resourceSlice = defineKind<ResourceSlice>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceSlice",
  plural: "resourceslices",
  namespaced: false,
  generationOf: ["spec"],
  selectableFields: {
    "spec.driver": ({ spec }) => spec.driver,
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
  },
  cells: {
    Node: ({ spec }) => spec.nodeName ?? "",
    Driver: ({ spec }) => spec.driver,
    Pool: ({ spec }) => spec.pool.name,
  },
  prepareForCreate: dropFromSlice,
  prepareForUpdate: dropFromSlice,
  validate: validateSlice,
  validateUpdate: validateSliceUpdate,
});
