/** Kinds whose deletion answers with the object instead of a `Status`, as `plural.group`. */
export const deletedIsReturned: ReadonlySet<string> = new Set([
  "persistentvolumeclaims.",
  "pods.",
  "podtemplates.",
  "resourcequotas.",
  "serviceaccounts.",
  "services.",
  "persistentvolumes.",
  "deviceclasses.resource.k8s.io",
  "resourceclaims.resource.k8s.io",
  "resourceclaimtemplates.resource.k8s.io",
  "resourceslices.resource.k8s.io",
  "csidrivers.storage.k8s.io",
  "csinodes.storage.k8s.io",
  "storageclasses.storage.k8s.io",
  "volumeattachments.storage.k8s.io",
  "volumeattributesclasses.storage.k8s.io",
]);
