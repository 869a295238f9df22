/** Kinds that Kubernetes still stores as an older version, which only their `storageVersionHash` shows. */
export const hashedVersions: Readonly<Record<string, string>> = {
  "customresourcedefinitions.apiextensions.k8s.io": "v1beta1",
  "volumeattributesclasses.storage.k8s.io": "v1beta1",
};
