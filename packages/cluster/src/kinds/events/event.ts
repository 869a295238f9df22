import { defineKind } from "../define-kind.ts";

export const newEvent = defineKind({
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
});
