import { compareQuantities } from "../../object/quantity.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { AdmissionStep } from "../admission.ts";
import { isAbout, refused } from "../refuse.ts";
import { newestDefault, type StoredObjects } from "../stored-objects.ts";

interface Claim extends KubeObject {
  spec: { storageClassName?: string; readonly resources?: { readonly requests?: Readonly<Record<string, string>> } };
  status?: { readonly phase?: string };
}

interface StorageClass extends KubeObject {
  allowVolumeExpansion?: boolean;
}

const classes = "storageclasses.storage.k8s.io";
const classAnnotation = "volume.beta.kubernetes.io/storage-class";
const defaultAnnotations = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

/** A claim that names no class gets the one that is there for that. */
export function defaultStorageClass(objects: StoredObjects): AdmissionStep {
  return (request) => {
    if (!isAbout(request, "persistentvolumeclaims") || request.operation !== "CREATE" || !request.object) return;
    const claim = request.object as Claim;
    const isNamed = Object.hasOwn(claim.metadata.annotations ?? {}, classAnnotation);
    if (isNamed || claim.spec.storageClassName !== undefined) return;
    const name = newestDefault(objects, classes, defaultAnnotations)?.metadata.name;
    if (name !== undefined) claim.spec.storageClassName = name;
  };
}

const finalizers = new Map([
  ["persistentvolumes", { group: "", finalizer: "kubernetes.io/pv-protection" }],
  ["persistentvolumeclaims", { group: "", finalizer: "kubernetes.io/pvc-protection" }],
  ["volumeattributesclasses", { group: "storage.k8s.io", finalizer: "kubernetes.io/vac-protection" }],
]);

/** Storage that somebody uses does not go: a finalizer waits for them. */
export const storageObjectInUseProtection: AdmissionStep = (request) => {
  const { object, operation, kind } = request;
  const known = finalizers.get(kind.plural);
  if (!known || !object || operation !== "CREATE" || !isAbout(request, kind.plural, known.group)) return;
  if (object.metadata.finalizers?.includes(known.finalizer)) return;
  object.metadata.finalizers = [...(object.metadata.finalizers ?? []), known.finalizer];
};

/** Claims grow when they are bound and their class can. */
export function persistentVolumeClaimResize(objects: StoredObjects): AdmissionStep {
  return (request) => {
    if (!isAbout(request, "persistentvolumeclaims") || request.operation !== "UPDATE") return;
    const next = request.object as Claim | undefined;
    const before = request.old as Claim | undefined;
    if (!next || !before || compareQuantities(sizeOf(next), sizeOf(before)) <= 0) return;
    if (before.status?.phase !== "Bound") throw refused(request, "Only bound persistent volume claims can be expanded");
    const name = classOf(next);
    const canGrow = objects.get<StorageClass>(classes, "", name)?.allowVolumeExpansion === true;
    if (name === "" || name !== classOf(before) || !canGrow)
      throw refused(
        request,
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
      );
  };
}

function sizeOf({ spec }: Claim): string {
  return spec.resources?.requests?.["storage"] ?? "0";
}

export function classOf({
  metadata,
  spec,
}: KubeObject & { readonly spec: { readonly storageClassName?: string } }): string {
  return metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? "";
}
