import type { ResourceSlice } from "../../schema/data/types/resource-v1.ts";
import { equalJson } from "../../object/json-value.ts";
import { defineKind } from "../define-kind.ts";
import { dropFromSlice } from "./unfinished-fields.ts";
import { validateSlice } from "./validate.ts";

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
  prepareForUpdate: (next, current) => {
    // What is left out counts as a change.
    if (!equalJson(next.spec, current.spec)) next.metadata.generation = (current.metadata.generation ?? 0) + 1;
    dropFromSlice(next);
  },
  validate: (slice) => validateSlice(slice),
  validateUpdate: validateSlice,
});
