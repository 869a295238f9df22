import { defineKind } from "../define-kind.ts";

export const endpoints = defineKind({
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  shortNames: ["ep"],
});
