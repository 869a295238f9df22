import { done, resources, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext } from "../../loop/index.ts";
import { isActiveNamespace } from "./namespace-object.ts";
import type { Namespace } from "./namespace-object.ts";

/** Every namespace has a service account named `default`, also when somebody deletes it. */
export function serviceAccountController(context: ControllerContext): Controller {
  const namespaces = context.informers.of<Namespace>(resources.namespaces);
  const accounts = context.informers.of(resources.serviceAccounts);
  return {
    name: "serviceaccount-controller",
    watches: [
      watching(namespaces, (namespace) => [namespace.metadata.name ?? ""]),
      watching(accounts, (account) => [account.metadata.namespace ?? ""]),
    ],
    reconcile: async (name) => {
      if (!isActiveNamespace(namespaces.get("", name))) return done;
      if (accounts.get(name, "default") !== undefined) return done;
      const account = { metadata: { name: "default", namespace: name } };
      await unless(["already-exists"], context.api.create(resources.serviceAccounts, account));
      return done;
    },
  };
}
