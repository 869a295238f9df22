import type { ControllerRevision } from "../../schema/data/types/apps-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateRevision, validateRevisionUpdate } from "../workload/validate-replication-controller.ts";

export const controllerRevision = defineKind<ControllerRevision>({
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  updateChecks: ["change", "rest"],
  validate: validateRevision,
  validateUpdate: validateRevisionUpdate,
  cells: {
    Controller: ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller);
      if (!owner) return "<none>";
      const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/", 1)[0] ?? ""}` : "";
      return `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}`;
    },
    Revision: ({ revision }) => revision,
  },
});
