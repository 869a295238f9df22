import type { Secret } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateSecret, validateSecretUpdate } from "../config/validate.ts";
import { keyPairWarnings } from "../warnings/key-pair-warnings.ts";

export const secret = defineKind<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  setDefaults: (secret) => {
    secret.type ??= "Opaque";
    if (!secret.stringData) return;
    // What is written as text is kept as bytes only.
    secret.data ??= {};
    for (const [key, text] of Object.entries(secret.stringData))
      secret.data[key] = Buffer.from(text).toString("base64");
    delete secret.stringData;
  },
  selectableFields: { type: ({ type }) => type ?? "" },
  updateChecks: ["change", "rest", "new", "whole"],
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warnings: ({ type, data }) =>
    type === "kubernetes.io/tls" ? keyPairWarnings(data?.["tls.crt"], data?.["tls.key"]) : [],
  cells: {
    Type: ({ type }) => type ?? "",
    Data: ({ data = {} }) => Object.keys(data).length,
  },
});
