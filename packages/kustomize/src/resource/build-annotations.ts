const domain = "internal.config.kubernetes.io";

/** Annotations that carry what the build must remember of an object; all are removed at the end. */
export const buildAnnotation = {
  previousKinds: `${domain}/previousKinds`,
  previousNames: `${domain}/previousNames`,
  previousNamespaces: `${domain}/previousNamespaces`,
  prefixes: `${domain}/prefixes`,
  suffixes: `${domain}/suffixes`,
  allowNameChange: `${domain}/allowNameChange`,
  allowKindChange: `${domain}/allowKindChange`,
  behavior: `${domain}/generatorBehavior`,
  needsHash: `${domain}/needsHashSuffix`,
} as const;

export const buildAnnotations: readonly string[] = [
  ...Object.values(buildAnnotation),
  `${domain}/refBy`,
  `${domain}/path`,
  `${domain}/index`,
  `${domain}/seqindent`,
  `${domain}/id`,
  `${domain}/annotations-migration-resource-id`,
  "config.kubernetes.io/path",
  "config.kubernetes.io/index",
  "config.k8s.io/id",
];

export const originAnnotation = "config.kubernetes.io/origin";
export const transformationsAnnotation = "alpha.config.kubernetes.io/transformations";
export const localConfigAnnotation = "config.kubernetes.io/local-config";

/** Annotations that must survive a patch which replaces all annotations. */
export function isInternalAnnotation(key: string): boolean {
  return (
    key.startsWith(`${domain}/`) ||
    key === "config.kubernetes.io/path" ||
    key === "config.kubernetes.io/index" ||
    key === "config.k8s.io/id"
  );
}
