import { defineKind } from "../define-kind.ts";

export const limitRange = defineKind({
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  shortNames: ["limits"],
});
