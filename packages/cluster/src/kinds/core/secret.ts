import { defineKind } from "../define-kind.ts";

export const secret = defineKind({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
});
