import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionStep } from "../admission.ts";
import { isAbout } from "../refuse.ts";
import { newestDefault, type StoredObjects } from "../stored-objects.ts";

interface Ingress extends KubeObject {
  spec?: { ingressClassName?: string };
}

/** An ingress that names no class gets the one that is there for that. */
export function defaultIngressClass(objects: StoredObjects): AdmissionStep {
  return (request) => {
    if (!isAbout(request, "ingresses", "networking.k8s.io") || request.operation !== "CREATE" || !request.object)
      return;
    const ingress = request.object as Ingress;
    const isNamed = Object.hasOwn(ingress.metadata.annotations ?? {}, "kubernetes.io/ingress.class");
    if (isNamed || ingress.spec?.ingressClassName !== undefined) return;
    const annotation = "ingressclass.kubernetes.io/is-default-class";
    const name = newestDefault(objects, "ingressclasses.networking.k8s.io", [annotation])?.metadata.name;
    if (name !== undefined) ingress.spec = { ...ingress.spec, ingressClassName: name };
  };
}
