import type { ServiceAccount } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";

const ENFORCED = "kubernetes.io/enforce-mountable-secrets";

export const serviceAccount = defineKind<ServiceAccount>({
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  updateChecks: ["change", "new", "whole"],
  shortNames: ["sa"],
  subresources: [
    { name: "token", group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", verbs: ["create"] },
  ],
  prepareForCreate: keepNamesOfSecrets,
  prepareForUpdate: keepNamesOfSecrets,
  warnings: ({ metadata }, current) => {
    const isNew =
      metadata.annotations?.[ENFORCED] !== undefined && current?.metadata.annotations?.[ENFORCED] === undefined;
    const advice = "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
    return isNew ? [`metadata.annotations[${ENFORCED}]: ${advice}`] : [];
  },
});

/** A secret is of the account's namespace: of a reference to it only the name counts. */
function keepNamesOfSecrets(account: ServiceAccount): void {
  if (account.secrets) account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}
