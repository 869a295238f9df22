import { ApiError, detailsOf, forbidden, notFound } from "../../apiserver/status.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionStep } from "../admission.ts";
import { refused } from "../refuse.ts";
import type { StoredObjects } from "../stored-objects.ts";

const kept = new Set(["default", "kube-system", "kube-public"]);

/** Nothing is made where there is no namespace, or where one is about to go; and some namespaces stay. */
export function namespaceLifecycle(objects: StoredObjects): AdmissionStep {
  return (request) => {
    const { kind, operation, name, namespace } = request;
    if (kind.plural === "namespaces" && kind.group === "") {
      if (operation === "DELETE" && kept.has(name)) throw forbidden(kind, name, "this namespace may not be deleted");
      return;
    }
    if (namespace === "" || operation === "DELETE" || operation === "CONNECT") return;
    // Whether there is such a namespace is not told by asking about rights in it.
    if (kind.plural === "localsubjectaccessreviews") return;
    const home = objects.get<Namespace>("namespaces", "", namespace);
    if (!home) throw notFound({ group: "", plural: "namespaces" }, namespace);
    if (operation !== "CREATE" || home.status?.phase !== "Terminating") return;
    const { message, reason } = refused(
      request,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    throw new ApiError(403, reason, message, {
      ...detailsOf(kind, name || request.object?.metadata.generateName || ""),
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    });
  };
}

interface Namespace extends KubeObject {
  status?: { readonly phase?: string };
}
