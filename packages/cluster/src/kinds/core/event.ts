import { defineKind } from "../define-kind.ts";

export const event = defineKind({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  createsOnUpdate: true,
});
