import type { JsonObject } from "../../object/json-value.ts";

/** The groups and versions that the real server knows, published or not: `DeleteOptions` and `WatchEvent` name them all. */
export const knownGroups: readonly (readonly [group: string, versions: readonly string[]])[] = [
  ["", ["v1"]],
  ["admission.k8s.io", ["v1", "v1beta1"]],
  ["admissionregistration.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["apiextensions.k8s.io", ["v1", "v1beta1"]],
  ["apiregistration.k8s.io", ["v1", "v1beta1"]],
  ["apps", ["v1", "v1beta1", "v1beta2"]],
  ["authentication.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["authorization.k8s.io", ["v1", "v1beta1"]],
  ["autoscaling", ["v1", "v2", "v2beta1", "v2beta2"]],
  ["batch", ["v1", "v1beta1"]],
  ["certificates.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["coordination.k8s.io", ["v1", "v1alpha2", "v1beta1"]],
  ["discovery.k8s.io", ["v1", "v1beta1"]],
  ["events.k8s.io", ["v1", "v1beta1"]],
  ["extensions", ["v1beta1"]],
  ["flowcontrol.apiserver.k8s.io", ["v1", "v1beta1", "v1beta2", "v1beta3"]],
  ["imagepolicy.k8s.io", ["v1alpha1"]],
  ["internal.apiserver.k8s.io", ["v1alpha1"]],
  ["networking.k8s.io", ["v1", "v1beta1"]],
  ["node.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["policy", ["v1", "v1beta1"]],
  ["rbac.authorization.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["resource.k8s.io", ["v1", "v1alpha3", "v1beta1", "v1beta2"]],
  ["scheduling.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["storage.k8s.io", ["v1", "v1alpha1", "v1beta1"]],
  ["storagemigration.k8s.io", ["v1beta1"]],
];

/** Groups that the server of custom kinds does not know. */
export const groupsUnknownToCustomKinds: ReadonlySet<string> = new Set([
  "admission.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "imagepolicy.k8s.io",
]);

/** Lists whose way of merging is not published. */
export const fieldsWithoutListType: ReadonlySet<string> = new Set([
  "io.k8s.apimachinery.pkg.apis.meta.v1.APIResource.verbs",
  "io.k8s.api.authentication.v1.UserInfo.extra.*",
  "io.k8s.api.authorization.v1.SubjectAccessReviewSpec.extra.*",
  "io.k8s.api.certificates.v1.CertificateSigningRequestSpec.extra.*",
]);

/** Schemas that allow anything. */
export const looseValues: ReadonlySet<string> = new Set([
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray",
]);

/** Schemas with a kind and a version that refer to objects and are none. */
export const references: ReadonlySet<string> = new Set([
  "io.k8s.api.authentication.v1.BoundObjectReference",
  "io.k8s.api.core.v1.ObjectReference",
  "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
  "io.k8s.api.admissionregistration.v1.ParamKind",
  "io.k8s.api.autoscaling.v1.CrossVersionObjectReference",
  "io.k8s.api.autoscaling.v2.CrossVersionObjectReference",
]);

export const unions: Readonly<Record<string, JsonObject>> = {
  "io.k8s.api.core.v1.AppArmorProfile": {
    discriminator: "type",
    "fields-to-discriminateBy": { localhostProfile: "LocalhostProfile" },
  },
  "io.k8s.api.core.v1.SeccompProfile": {
    discriminator: "type",
    "fields-to-discriminateBy": { localhostProfile: "LocalhostProfile" },
  },
  "io.k8s.api.flowcontrol.v1.LimitResponse": {
    discriminator: "type",
    "fields-to-discriminateBy": { queuing: "Queuing" },
  },
  "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec": {
    discriminator: "type",
    "fields-to-discriminateBy": { exempt: "Exempt", limited: "Limited" },
  },
  "io.k8s.api.flowcontrol.v1.Subject": {
    discriminator: "kind",
    "fields-to-discriminateBy": { group: "Group", serviceAccount: "ServiceAccount", user: "User" },
  },
};

export const scalarDefinitions: Readonly<Record<string, JsonObject>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { oneOf: [{ type: "string" }, { type: "number" }] },
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": { type: "string", format: "date-time" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": { type: "string", format: "date-time" },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
  },
};

const core = "io.k8s.api.core.v1";
const customResources = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** What is published of a field beside its schema: most often a zero though the field may be left out. */
export const addedToFields: Readonly<Record<string, JsonObject>> = {
  "io.k8s.api.autoscaling.v1.ScaleSpec.replicas": { default: 0 },
  [`${core}.AzureDiskVolumeSource.readOnly`]: { default: false },
  [`${core}.ConfigMapEnvSource.name`]: { default: "" },
  [`${core}.ConfigMapKeySelector.name`]: { default: "" },
  [`${core}.ConfigMapProjection.name`]: { default: "" },
  [`${core}.ConfigMapVolumeSource.name`]: { default: "" },
  [`${core}.FileKeySelector.optional`]: { default: false },
  [`${core}.GRPCAction.service`]: { default: "" },
  [`${core}.LocalObjectReference.name`]: { default: "" },
  [`${core}.PersistentVolumeClaimStatus.allocatedResourceStatuses`]: { "x-kubernetes-map-type": "granular" },
  [`${core}.ReplicationControllerSpec.minReadySeconds`]: { default: 0 },
  [`${core}.SecretEnvSource.name`]: { default: "" },
  [`${core}.SecretKeySelector.name`]: { default: "" },
  [`${core}.SecretProjection.name`]: { default: "" },
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec.caBundle": { "x-kubernetes-list-type": "atomic" },
};

/** Fields of which nothing is said but what they are. */
export const undescribedFields: ReadonlySet<string> = new Set([
  `${customResources}.JSONSchemaProps.additionalItems`,
  `${customResources}.JSONSchemaProps.additionalProperties`,
  `${customResources}.JSONSchemaProps.example`,
  `${customResources}.JSONSchemaProps.externalDocs`,
  `${customResources}.JSONSchemaProps.items`,
  `${customResources}.JSONSchemaProps.not`,
  "io.k8s.api.networking.v1.IngressRule.http",
]);
