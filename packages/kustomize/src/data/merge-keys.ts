/**
 * How lists of the built-in kinds are merged by a strategic merge patch, from the OpenAPI document of Kubernetes 1.21.2,
 * which is the one kustomize carries. Only definitions that reach a merging list are kept.
 */
export interface SchemaField {
  /** The definition of the field itself. */
  readonly of?: string;
  /** The definition of the elements of the list. */
  readonly items?: string;
  /** The definition of the values of the map. */
  readonly values?: string;
  /** The keys by which elements are matched; empty for a list of scalars. Absent: the list is replaced whole. */
  readonly merge?: readonly string[];
}

export const schemaDefinitions: Readonly<Record<string, Readonly<Record<string, SchemaField>>>> = {
  "admissionregistration.v1.MutatingWebhookConfiguration": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    webhooks: {
      merge: ["name"],
    },
  },
  "admissionregistration.v1.MutatingWebhookConfigurationList": {
    items: {
      items: "admissionregistration.v1.MutatingWebhookConfiguration",
    },
  },
  "admissionregistration.v1.ValidatingWebhookConfiguration": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    webhooks: {
      merge: ["name"],
    },
  },
  "admissionregistration.v1.ValidatingWebhookConfigurationList": {
    items: {
      items: "admissionregistration.v1.ValidatingWebhookConfiguration",
    },
  },
  "admissionregistration.v1beta1.MutatingWebhookConfiguration": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    webhooks: {
      merge: ["name"],
    },
  },
  "admissionregistration.v1beta1.MutatingWebhookConfigurationList": {
    items: {
      items: "admissionregistration.v1beta1.MutatingWebhookConfiguration",
    },
  },
  "admissionregistration.v1beta1.ValidatingWebhookConfiguration": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    webhooks: {
      merge: ["name"],
    },
  },
  "admissionregistration.v1beta1.ValidatingWebhookConfigurationList": {
    items: {
      items: "admissionregistration.v1beta1.ValidatingWebhookConfiguration",
    },
  },
  "apps.v1.ControllerRevision": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "apps.v1.ControllerRevisionList": {
    items: {
      items: "apps.v1.ControllerRevision",
    },
  },
  "apps.v1.DaemonSet": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "apps.v1.DaemonSetSpec",
    },
    status: {
      of: "apps.v1.DaemonSetStatus",
    },
  },
  "apps.v1.DaemonSetList": {
    items: {
      items: "apps.v1.DaemonSet",
    },
  },
  "apps.v1.DaemonSetSpec": {
    template: {
      of: "core.v1.PodTemplateSpec",
    },
  },
  "apps.v1.DaemonSetStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "apps.v1.Deployment": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "apps.v1.DeploymentSpec",
    },
    status: {
      of: "apps.v1.DeploymentStatus",
    },
  },
  "apps.v1.DeploymentList": {
    items: {
      items: "apps.v1.Deployment",
    },
  },
  "apps.v1.DeploymentSpec": {
    template: {
      of: "core.v1.PodTemplateSpec",
    },
  },
  "apps.v1.DeploymentStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "apps.v1.Kustomization": {
    configMapGenerator: {
      merge: ["name"],
    },
    secretGenerator: {
      merge: ["name"],
    },
  },
  "apps.v1.ReplicaSet": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "apps.v1.ReplicaSetSpec",
    },
    status: {
      of: "apps.v1.ReplicaSetStatus",
    },
  },
  "apps.v1.ReplicaSetList": {
    items: {
      items: "apps.v1.ReplicaSet",
    },
  },
  "apps.v1.ReplicaSetSpec": {
    template: {
      of: "core.v1.PodTemplateSpec",
    },
  },
  "apps.v1.ReplicaSetStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "apps.v1.StatefulSet": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "apps.v1.StatefulSetSpec",
    },
    status: {
      of: "apps.v1.StatefulSetStatus",
    },
  },
  "apps.v1.StatefulSetList": {
    items: {
      items: "apps.v1.StatefulSet",
    },
  },
  "apps.v1.StatefulSetSpec": {
    template: {
      of: "core.v1.PodTemplateSpec",
    },
    volumeClaimTemplates: {
      items: "core.v1.PersistentVolumeClaim",
    },
  },
  "apps.v1.StatefulSetStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "authentication.v1.TokenRequest": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authentication.v1.TokenReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authentication.v1beta1.TokenReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1.LocalSubjectAccessReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1.SelfSubjectAccessReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1.SelfSubjectRulesReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1.SubjectAccessReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1beta1.LocalSubjectAccessReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1beta1.SelfSubjectAccessReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1beta1.SelfSubjectRulesReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "authorization.v1beta1.SubjectAccessReview": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "autoscaling.v1.HorizontalPodAutoscaler": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "autoscaling.v1.HorizontalPodAutoscalerList": {
    items: {
      items: "autoscaling.v1.HorizontalPodAutoscaler",
    },
  },
  "autoscaling.v1.Scale": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "autoscaling.v2beta1.HorizontalPodAutoscaler": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "autoscaling.v2beta1.HorizontalPodAutoscalerList": {
    items: {
      items: "autoscaling.v2beta1.HorizontalPodAutoscaler",
    },
  },
  "autoscaling.v2beta2.HorizontalPodAutoscaler": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "autoscaling.v2beta2.HorizontalPodAutoscalerList": {
    items: {
      items: "autoscaling.v2beta2.HorizontalPodAutoscaler",
    },
  },
  "batch.v1.CronJob": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "batch.v1.CronJobSpec",
    },
  },
  "batch.v1.CronJobList": {
    items: {
      items: "batch.v1.CronJob",
    },
  },
  "batch.v1.CronJobSpec": {
    jobTemplate: {
      of: "batch.v1.JobTemplateSpec",
    },
  },
  "batch.v1.Job": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "batch.v1.JobSpec",
    },
    status: {
      of: "batch.v1.JobStatus",
    },
  },
  "batch.v1.JobList": {
    items: {
      items: "batch.v1.Job",
    },
  },
  "batch.v1.JobSpec": {
    template: {
      of: "core.v1.PodTemplateSpec",
    },
  },
  "batch.v1.JobStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "batch.v1.JobTemplateSpec": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "batch.v1.JobSpec",
    },
  },
  "batch.v1beta1.CronJob": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "batch.v1beta1.CronJobSpec",
    },
  },
  "batch.v1beta1.CronJobList": {
    items: {
      items: "batch.v1beta1.CronJob",
    },
  },
  "batch.v1beta1.CronJobSpec": {
    jobTemplate: {
      of: "batch.v1beta1.JobTemplateSpec",
    },
  },
  "batch.v1beta1.JobTemplateSpec": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "batch.v1.JobSpec",
    },
  },
  "certificates.v1.CertificateSigningRequest": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "certificates.v1.CertificateSigningRequestList": {
    items: {
      items: "certificates.v1.CertificateSigningRequest",
    },
  },
  "certificates.v1beta1.CertificateSigningRequest": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "certificates.v1beta1.CertificateSigningRequestList": {
    items: {
      items: "certificates.v1beta1.CertificateSigningRequest",
    },
  },
  "coordination.v1.Lease": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "coordination.v1.LeaseList": {
    items: {
      items: "coordination.v1.Lease",
    },
  },
  "coordination.v1beta1.Lease": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "coordination.v1beta1.LeaseList": {
    items: {
      items: "coordination.v1beta1.Lease",
    },
  },
  "core.v1.Binding": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.ComponentStatus": {
    conditions: {
      merge: ["type"],
    },
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.ComponentStatusList": {
    items: {
      items: "core.v1.ComponentStatus",
    },
  },
  "core.v1.ConfigMap": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.ConfigMapList": {
    items: {
      items: "core.v1.ConfigMap",
    },
  },
  "core.v1.Container": {
    env: {
      merge: ["name"],
    },
    ports: {
      merge: ["containerPort", "protocol"],
    },
    volumeDevices: {
      merge: ["devicePath"],
    },
    volumeMounts: {
      merge: ["mountPath"],
    },
  },
  "core.v1.Endpoints": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.EndpointsList": {
    items: {
      items: "core.v1.Endpoints",
    },
  },
  "core.v1.EphemeralContainer": {
    env: {
      merge: ["name"],
    },
    volumeDevices: {
      merge: ["devicePath"],
    },
    volumeMounts: {
      merge: ["mountPath"],
    },
  },
  "core.v1.EphemeralVolumeSource": {
    volumeClaimTemplate: {
      of: "core.v1.PersistentVolumeClaimTemplate",
    },
  },
  "core.v1.Event": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.EventList": {
    items: {
      items: "core.v1.Event",
    },
  },
  "core.v1.LimitRange": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.LimitRangeList": {
    items: {
      items: "core.v1.LimitRange",
    },
  },
  "core.v1.Namespace": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    status: {
      of: "core.v1.NamespaceStatus",
    },
  },
  "core.v1.NamespaceList": {
    items: {
      items: "core.v1.Namespace",
    },
  },
  "core.v1.NamespaceStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "core.v1.Node": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "core.v1.NodeSpec",
    },
    status: {
      of: "core.v1.NodeStatus",
    },
  },
  "core.v1.NodeList": {
    items: {
      items: "core.v1.Node",
    },
  },
  "core.v1.NodeSpec": {
    podCIDRs: {
      merge: [],
    },
  },
  "core.v1.NodeStatus": {
    addresses: {
      merge: ["type"],
    },
    conditions: {
      merge: ["type"],
    },
  },
  "core.v1.PersistentVolume": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.PersistentVolumeClaim": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    status: {
      of: "core.v1.PersistentVolumeClaimStatus",
    },
  },
  "core.v1.PersistentVolumeClaimList": {
    items: {
      items: "core.v1.PersistentVolumeClaim",
    },
  },
  "core.v1.PersistentVolumeClaimStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "core.v1.PersistentVolumeClaimTemplate": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.PersistentVolumeList": {
    items: {
      items: "core.v1.PersistentVolume",
    },
  },
  "core.v1.Pod": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "core.v1.PodSpec",
    },
    status: {
      of: "core.v1.PodStatus",
    },
  },
  "core.v1.PodList": {
    items: {
      items: "core.v1.Pod",
    },
  },
  "core.v1.PodSpec": {
    containers: {
      merge: ["name"],
      items: "core.v1.Container",
    },
    ephemeralContainers: {
      merge: ["name"],
      items: "core.v1.EphemeralContainer",
    },
    hostAliases: {
      merge: ["ip"],
    },
    imagePullSecrets: {
      merge: ["name"],
    },
    initContainers: {
      merge: ["name"],
      items: "core.v1.Container",
    },
    topologySpreadConstraints: {
      merge: ["topologyKey", "whenUnsatisfiable"],
    },
    volumes: {
      merge: ["name"],
      items: "core.v1.Volume",
    },
  },
  "core.v1.PodStatus": {
    conditions: {
      merge: ["type"],
    },
    podIPs: {
      merge: ["ip"],
    },
  },
  "core.v1.PodTemplate": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    template: {
      of: "core.v1.PodTemplateSpec",
    },
  },
  "core.v1.PodTemplateList": {
    items: {
      items: "core.v1.PodTemplate",
    },
  },
  "core.v1.PodTemplateSpec": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "core.v1.PodSpec",
    },
  },
  "core.v1.ReplicationController": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "core.v1.ReplicationControllerSpec",
    },
    status: {
      of: "core.v1.ReplicationControllerStatus",
    },
  },
  "core.v1.ReplicationControllerList": {
    items: {
      items: "core.v1.ReplicationController",
    },
  },
  "core.v1.ReplicationControllerSpec": {
    template: {
      of: "core.v1.PodTemplateSpec",
    },
  },
  "core.v1.ReplicationControllerStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "core.v1.ResourceQuota": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.ResourceQuotaList": {
    items: {
      items: "core.v1.ResourceQuota",
    },
  },
  "core.v1.Secret": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "core.v1.SecretList": {
    items: {
      items: "core.v1.Secret",
    },
  },
  "core.v1.Service": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "core.v1.ServiceSpec",
    },
    status: {
      of: "core.v1.ServiceStatus",
    },
  },
  "core.v1.ServiceAccount": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    secrets: {
      merge: ["name"],
    },
  },
  "core.v1.ServiceAccountList": {
    items: {
      items: "core.v1.ServiceAccount",
    },
  },
  "core.v1.ServiceList": {
    items: {
      items: "core.v1.Service",
    },
  },
  "core.v1.ServiceSpec": {
    ports: {
      merge: ["port", "protocol"],
    },
  },
  "core.v1.ServiceStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "core.v1.Volume": {
    ephemeral: {
      of: "core.v1.EphemeralVolumeSource",
    },
  },
  "discovery.v1.EndpointSlice": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "discovery.v1.EndpointSliceList": {
    items: {
      items: "discovery.v1.EndpointSlice",
    },
  },
  "discovery.v1beta1.EndpointSlice": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "discovery.v1beta1.EndpointSliceList": {
    items: {
      items: "discovery.v1beta1.EndpointSlice",
    },
  },
  "events.v1.Event": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "events.v1.EventList": {
    items: {
      items: "events.v1.Event",
    },
  },
  "events.v1beta1.Event": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "events.v1beta1.EventList": {
    items: {
      items: "events.v1beta1.Event",
    },
  },
  "extensions.v1beta1.Ingress": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "extensions.v1beta1.IngressList": {
    items: {
      items: "extensions.v1beta1.Ingress",
    },
  },
  "flowcontrol.v1beta1.FlowSchema": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "flowcontrol.v1beta1.FlowSchemaList": {
    items: {
      items: "flowcontrol.v1beta1.FlowSchema",
    },
  },
  "flowcontrol.v1beta1.PriorityLevelConfiguration": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "flowcontrol.v1beta1.PriorityLevelConfigurationList": {
    items: {
      items: "flowcontrol.v1beta1.PriorityLevelConfiguration",
    },
  },
  "networking.v1.Ingress": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "networking.v1.IngressClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "networking.v1.IngressClassList": {
    items: {
      items: "networking.v1.IngressClass",
    },
  },
  "networking.v1.IngressList": {
    items: {
      items: "networking.v1.Ingress",
    },
  },
  "networking.v1.NetworkPolicy": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "networking.v1.NetworkPolicyList": {
    items: {
      items: "networking.v1.NetworkPolicy",
    },
  },
  "networking.v1beta1.Ingress": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "networking.v1beta1.IngressClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "networking.v1beta1.IngressClassList": {
    items: {
      items: "networking.v1beta1.IngressClass",
    },
  },
  "networking.v1beta1.IngressList": {
    items: {
      items: "networking.v1beta1.Ingress",
    },
  },
  "node.v1.RuntimeClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "node.v1.RuntimeClassList": {
    items: {
      items: "node.v1.RuntimeClass",
    },
  },
  "node.v1beta1.RuntimeClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "node.v1beta1.RuntimeClassList": {
    items: {
      items: "node.v1beta1.RuntimeClass",
    },
  },
  "policy.v1.PodDisruptionBudget": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    status: {
      of: "policy.v1.PodDisruptionBudgetStatus",
    },
  },
  "policy.v1.PodDisruptionBudgetList": {
    items: {
      items: "policy.v1.PodDisruptionBudget",
    },
  },
  "policy.v1.PodDisruptionBudgetStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "policy.v1beta1.Eviction": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "policy.v1beta1.PodDisruptionBudget": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    status: {
      of: "policy.v1beta1.PodDisruptionBudgetStatus",
    },
  },
  "policy.v1beta1.PodDisruptionBudgetList": {
    items: {
      items: "policy.v1beta1.PodDisruptionBudget",
    },
  },
  "policy.v1beta1.PodDisruptionBudgetStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "policy.v1beta1.PodSecurityPolicy": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "policy.v1beta1.PodSecurityPolicyList": {
    items: {
      items: "policy.v1beta1.PodSecurityPolicy",
    },
  },
  "rbac.v1.ClusterRole": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1.ClusterRoleBinding": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1.ClusterRoleBindingList": {
    items: {
      items: "rbac.v1.ClusterRoleBinding",
    },
  },
  "rbac.v1.ClusterRoleList": {
    items: {
      items: "rbac.v1.ClusterRole",
    },
  },
  "rbac.v1.Role": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1.RoleBinding": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1.RoleBindingList": {
    items: {
      items: "rbac.v1.RoleBinding",
    },
  },
  "rbac.v1.RoleList": {
    items: {
      items: "rbac.v1.Role",
    },
  },
  "rbac.v1beta1.ClusterRole": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1beta1.ClusterRoleBinding": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1beta1.ClusterRoleBindingList": {
    items: {
      items: "rbac.v1beta1.ClusterRoleBinding",
    },
  },
  "rbac.v1beta1.ClusterRoleList": {
    items: {
      items: "rbac.v1beta1.ClusterRole",
    },
  },
  "rbac.v1beta1.Role": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1beta1.RoleBinding": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "rbac.v1beta1.RoleBindingList": {
    items: {
      items: "rbac.v1beta1.RoleBinding",
    },
  },
  "rbac.v1beta1.RoleList": {
    items: {
      items: "rbac.v1beta1.Role",
    },
  },
  "scheduling.v1.PriorityClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "scheduling.v1.PriorityClassList": {
    items: {
      items: "scheduling.v1.PriorityClass",
    },
  },
  "scheduling.v1beta1.PriorityClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "scheduling.v1beta1.PriorityClassList": {
    items: {
      items: "scheduling.v1beta1.PriorityClass",
    },
  },
  "storage.v1.CSIDriver": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1.CSIDriverList": {
    items: {
      items: "storage.v1.CSIDriver",
    },
  },
  "storage.v1.CSINode": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "storage.v1.CSINodeSpec",
    },
  },
  "storage.v1.CSINodeList": {
    items: {
      items: "storage.v1.CSINode",
    },
  },
  "storage.v1.CSINodeSpec": {
    drivers: {
      merge: ["name"],
    },
  },
  "storage.v1.StorageClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1.StorageClassList": {
    items: {
      items: "storage.v1.StorageClass",
    },
  },
  "storage.v1.VolumeAttachment": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1.VolumeAttachmentList": {
    items: {
      items: "storage.v1.VolumeAttachment",
    },
  },
  "storage.v1beta1.CSIDriver": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1beta1.CSIDriverList": {
    items: {
      items: "storage.v1beta1.CSIDriver",
    },
  },
  "storage.v1beta1.CSINode": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    spec: {
      of: "storage.v1beta1.CSINodeSpec",
    },
  },
  "storage.v1beta1.CSINodeList": {
    items: {
      items: "storage.v1beta1.CSINode",
    },
  },
  "storage.v1beta1.CSINodeSpec": {
    drivers: {
      merge: ["name"],
    },
  },
  "storage.v1beta1.CSIStorageCapacity": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1beta1.CSIStorageCapacityList": {
    items: {
      items: "storage.v1beta1.CSIStorageCapacity",
    },
  },
  "storage.v1beta1.StorageClass": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1beta1.StorageClassList": {
    items: {
      items: "storage.v1beta1.StorageClass",
    },
  },
  "storage.v1beta1.VolumeAttachment": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "storage.v1beta1.VolumeAttachmentList": {
    items: {
      items: "storage.v1beta1.VolumeAttachment",
    },
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList": {
    items: {
      items: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
    },
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionList": {
    items: {
      items: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition",
    },
  },
  "meta.v1.ObjectMeta": {
    finalizers: {
      merge: [],
    },
    ownerReferences: {
      merge: ["uid"],
    },
  },
  "apiregistration.v1.APIService": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    status: {
      of: "apiregistration.v1.APIServiceStatus",
    },
  },
  "apiregistration.v1.APIServiceList": {
    items: {
      items: "apiregistration.v1.APIService",
    },
  },
  "apiregistration.v1.APIServiceStatus": {
    conditions: {
      merge: ["type"],
    },
  },
  "apiregistration.v1beta1.APIService": {
    metadata: {
      of: "meta.v1.ObjectMeta",
    },
    status: {
      of: "apiregistration.v1beta1.APIServiceStatus",
    },
  },
  "apiregistration.v1beta1.APIServiceList": {
    items: {
      items: "apiregistration.v1beta1.APIService",
    },
  },
  "apiregistration.v1beta1.APIServiceStatus": {
    conditions: {
      merge: ["type"],
    },
  },
};

/** apiVersion/kind to definition. Kinds that are not here have no merging lists. */
export const schemaKinds: Readonly<Record<string, string>> = {
  "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration":
    "admissionregistration.v1.MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1/MutatingWebhookConfigurationList":
    "admissionregistration.v1.MutatingWebhookConfigurationList",
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration":
    "admissionregistration.v1.ValidatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfigurationList":
    "admissionregistration.v1.ValidatingWebhookConfigurationList",
  "admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration":
    "admissionregistration.v1beta1.MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1beta1/MutatingWebhookConfigurationList":
    "admissionregistration.v1beta1.MutatingWebhookConfigurationList",
  "admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration":
    "admissionregistration.v1beta1.ValidatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfigurationList":
    "admissionregistration.v1beta1.ValidatingWebhookConfigurationList",
  "apps/v1/ControllerRevision": "apps.v1.ControllerRevision",
  "apps/v1/ControllerRevisionList": "apps.v1.ControllerRevisionList",
  "apps/v1/DaemonSet": "apps.v1.DaemonSet",
  "apps/v1/DaemonSetList": "apps.v1.DaemonSetList",
  "apps/v1/Deployment": "apps.v1.Deployment",
  "apps/v1/DeploymentList": "apps.v1.DeploymentList",
  "kustomize.config.k8s.io/v1beta1/Kustomization": "apps.v1.Kustomization",
  "apps/v1/ReplicaSet": "apps.v1.ReplicaSet",
  "apps/v1/ReplicaSetList": "apps.v1.ReplicaSetList",
  "apps/v1/StatefulSet": "apps.v1.StatefulSet",
  "apps/v1/StatefulSetList": "apps.v1.StatefulSetList",
  "authentication.k8s.io/v1/TokenRequest": "authentication.v1.TokenRequest",
  "authentication.k8s.io/v1/TokenReview": "authentication.v1.TokenReview",
  "authentication.k8s.io/v1beta1/TokenReview": "authentication.v1beta1.TokenReview",
  "authorization.k8s.io/v1/LocalSubjectAccessReview": "authorization.v1.LocalSubjectAccessReview",
  "authorization.k8s.io/v1/SelfSubjectAccessReview": "authorization.v1.SelfSubjectAccessReview",
  "authorization.k8s.io/v1/SelfSubjectRulesReview": "authorization.v1.SelfSubjectRulesReview",
  "authorization.k8s.io/v1/SubjectAccessReview": "authorization.v1.SubjectAccessReview",
  "authorization.k8s.io/v1beta1/LocalSubjectAccessReview": "authorization.v1beta1.LocalSubjectAccessReview",
  "authorization.k8s.io/v1beta1/SelfSubjectAccessReview": "authorization.v1beta1.SelfSubjectAccessReview",
  "authorization.k8s.io/v1beta1/SelfSubjectRulesReview": "authorization.v1beta1.SelfSubjectRulesReview",
  "authorization.k8s.io/v1beta1/SubjectAccessReview": "authorization.v1beta1.SubjectAccessReview",
  "autoscaling/v1/HorizontalPodAutoscaler": "autoscaling.v1.HorizontalPodAutoscaler",
  "autoscaling/v1/HorizontalPodAutoscalerList": "autoscaling.v1.HorizontalPodAutoscalerList",
  "autoscaling/v1/Scale": "autoscaling.v1.Scale",
  "autoscaling/v2beta1/HorizontalPodAutoscaler": "autoscaling.v2beta1.HorizontalPodAutoscaler",
  "autoscaling/v2beta1/HorizontalPodAutoscalerList": "autoscaling.v2beta1.HorizontalPodAutoscalerList",
  "autoscaling/v2beta2/HorizontalPodAutoscaler": "autoscaling.v2beta2.HorizontalPodAutoscaler",
  "autoscaling/v2beta2/HorizontalPodAutoscalerList": "autoscaling.v2beta2.HorizontalPodAutoscalerList",
  "batch/v1/CronJob": "batch.v1.CronJob",
  "batch/v1/CronJobList": "batch.v1.CronJobList",
  "batch/v1/Job": "batch.v1.Job",
  "batch/v1/JobList": "batch.v1.JobList",
  "batch/v1beta1/CronJob": "batch.v1beta1.CronJob",
  "batch/v1beta1/CronJobList": "batch.v1beta1.CronJobList",
  "certificates.k8s.io/v1/CertificateSigningRequest": "certificates.v1.CertificateSigningRequest",
  "certificates.k8s.io/v1/CertificateSigningRequestList": "certificates.v1.CertificateSigningRequestList",
  "certificates.k8s.io/v1beta1/CertificateSigningRequest": "certificates.v1beta1.CertificateSigningRequest",
  "certificates.k8s.io/v1beta1/CertificateSigningRequestList": "certificates.v1beta1.CertificateSigningRequestList",
  "coordination.k8s.io/v1/Lease": "coordination.v1.Lease",
  "coordination.k8s.io/v1/LeaseList": "coordination.v1.LeaseList",
  "coordination.k8s.io/v1beta1/Lease": "coordination.v1beta1.Lease",
  "coordination.k8s.io/v1beta1/LeaseList": "coordination.v1beta1.LeaseList",
  "v1/Binding": "core.v1.Binding",
  "v1/ComponentStatus": "core.v1.ComponentStatus",
  "v1/ComponentStatusList": "core.v1.ComponentStatusList",
  "v1/ConfigMap": "core.v1.ConfigMap",
  "v1/ConfigMapList": "core.v1.ConfigMapList",
  "v1/Endpoints": "core.v1.Endpoints",
  "v1/EndpointsList": "core.v1.EndpointsList",
  "v1/Event": "core.v1.Event",
  "v1/EventList": "core.v1.EventList",
  "v1/LimitRange": "core.v1.LimitRange",
  "v1/LimitRangeList": "core.v1.LimitRangeList",
  "v1/Namespace": "core.v1.Namespace",
  "v1/NamespaceList": "core.v1.NamespaceList",
  "v1/Node": "core.v1.Node",
  "v1/NodeList": "core.v1.NodeList",
  "v1/PersistentVolume": "core.v1.PersistentVolume",
  "v1/PersistentVolumeClaim": "core.v1.PersistentVolumeClaim",
  "v1/PersistentVolumeClaimList": "core.v1.PersistentVolumeClaimList",
  "v1/PersistentVolumeList": "core.v1.PersistentVolumeList",
  "v1/Pod": "core.v1.Pod",
  "v1/PodList": "core.v1.PodList",
  "v1/PodTemplate": "core.v1.PodTemplate",
  "v1/PodTemplateList": "core.v1.PodTemplateList",
  "v1/ReplicationController": "core.v1.ReplicationController",
  "v1/ReplicationControllerList": "core.v1.ReplicationControllerList",
  "v1/ResourceQuota": "core.v1.ResourceQuota",
  "v1/ResourceQuotaList": "core.v1.ResourceQuotaList",
  "v1/Secret": "core.v1.Secret",
  "v1/SecretList": "core.v1.SecretList",
  "v1/Service": "core.v1.Service",
  "v1/ServiceAccount": "core.v1.ServiceAccount",
  "v1/ServiceAccountList": "core.v1.ServiceAccountList",
  "v1/ServiceList": "core.v1.ServiceList",
  "discovery.k8s.io/v1/EndpointSlice": "discovery.v1.EndpointSlice",
  "discovery.k8s.io/v1/EndpointSliceList": "discovery.v1.EndpointSliceList",
  "discovery.k8s.io/v1beta1/EndpointSlice": "discovery.v1beta1.EndpointSlice",
  "discovery.k8s.io/v1beta1/EndpointSliceList": "discovery.v1beta1.EndpointSliceList",
  "events.k8s.io/v1/Event": "events.v1.Event",
  "events.k8s.io/v1/EventList": "events.v1.EventList",
  "events.k8s.io/v1beta1/Event": "events.v1beta1.Event",
  "events.k8s.io/v1beta1/EventList": "events.v1beta1.EventList",
  "extensions/v1beta1/Ingress": "extensions.v1beta1.Ingress",
  "extensions/v1beta1/IngressList": "extensions.v1beta1.IngressList",
  "flowcontrol.apiserver.k8s.io/v1beta1/FlowSchema": "flowcontrol.v1beta1.FlowSchema",
  "flowcontrol.apiserver.k8s.io/v1beta1/FlowSchemaList": "flowcontrol.v1beta1.FlowSchemaList",
  "flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfiguration": "flowcontrol.v1beta1.PriorityLevelConfiguration",
  "flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfigurationList":
    "flowcontrol.v1beta1.PriorityLevelConfigurationList",
  "networking.k8s.io/v1/Ingress": "networking.v1.Ingress",
  "networking.k8s.io/v1/IngressClass": "networking.v1.IngressClass",
  "networking.k8s.io/v1/IngressClassList": "networking.v1.IngressClassList",
  "networking.k8s.io/v1/IngressList": "networking.v1.IngressList",
  "networking.k8s.io/v1/NetworkPolicy": "networking.v1.NetworkPolicy",
  "networking.k8s.io/v1/NetworkPolicyList": "networking.v1.NetworkPolicyList",
  "networking.k8s.io/v1beta1/Ingress": "networking.v1beta1.Ingress",
  "networking.k8s.io/v1beta1/IngressClass": "networking.v1beta1.IngressClass",
  "networking.k8s.io/v1beta1/IngressClassList": "networking.v1beta1.IngressClassList",
  "networking.k8s.io/v1beta1/IngressList": "networking.v1beta1.IngressList",
  "node.k8s.io/v1/RuntimeClass": "node.v1.RuntimeClass",
  "node.k8s.io/v1/RuntimeClassList": "node.v1.RuntimeClassList",
  "node.k8s.io/v1beta1/RuntimeClass": "node.v1beta1.RuntimeClass",
  "node.k8s.io/v1beta1/RuntimeClassList": "node.v1beta1.RuntimeClassList",
  "policy/v1/PodDisruptionBudget": "policy.v1.PodDisruptionBudget",
  "policy/v1/PodDisruptionBudgetList": "policy.v1.PodDisruptionBudgetList",
  "policy/v1beta1/Eviction": "policy.v1beta1.Eviction",
  "policy/v1beta1/PodDisruptionBudget": "policy.v1beta1.PodDisruptionBudget",
  "policy/v1beta1/PodDisruptionBudgetList": "policy.v1beta1.PodDisruptionBudgetList",
  "policy/v1beta1/PodSecurityPolicy": "policy.v1beta1.PodSecurityPolicy",
  "policy/v1beta1/PodSecurityPolicyList": "policy.v1beta1.PodSecurityPolicyList",
  "rbac.authorization.k8s.io/v1/ClusterRole": "rbac.v1.ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": "rbac.v1.ClusterRoleBinding",
  "rbac.authorization.k8s.io/v1/ClusterRoleBindingList": "rbac.v1.ClusterRoleBindingList",
  "rbac.authorization.k8s.io/v1/ClusterRoleList": "rbac.v1.ClusterRoleList",
  "rbac.authorization.k8s.io/v1/Role": "rbac.v1.Role",
  "rbac.authorization.k8s.io/v1/RoleBinding": "rbac.v1.RoleBinding",
  "rbac.authorization.k8s.io/v1/RoleBindingList": "rbac.v1.RoleBindingList",
  "rbac.authorization.k8s.io/v1/RoleList": "rbac.v1.RoleList",
  "rbac.authorization.k8s.io/v1beta1/ClusterRole": "rbac.v1beta1.ClusterRole",
  "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding": "rbac.v1beta1.ClusterRoleBinding",
  "rbac.authorization.k8s.io/v1beta1/ClusterRoleBindingList": "rbac.v1beta1.ClusterRoleBindingList",
  "rbac.authorization.k8s.io/v1beta1/ClusterRoleList": "rbac.v1beta1.ClusterRoleList",
  "rbac.authorization.k8s.io/v1beta1/Role": "rbac.v1beta1.Role",
  "rbac.authorization.k8s.io/v1beta1/RoleBinding": "rbac.v1beta1.RoleBinding",
  "rbac.authorization.k8s.io/v1beta1/RoleBindingList": "rbac.v1beta1.RoleBindingList",
  "rbac.authorization.k8s.io/v1beta1/RoleList": "rbac.v1beta1.RoleList",
  "scheduling.k8s.io/v1/PriorityClass": "scheduling.v1.PriorityClass",
  "scheduling.k8s.io/v1/PriorityClassList": "scheduling.v1.PriorityClassList",
  "scheduling.k8s.io/v1beta1/PriorityClass": "scheduling.v1beta1.PriorityClass",
  "scheduling.k8s.io/v1beta1/PriorityClassList": "scheduling.v1beta1.PriorityClassList",
  "storage.k8s.io/v1/CSIDriver": "storage.v1.CSIDriver",
  "storage.k8s.io/v1/CSIDriverList": "storage.v1.CSIDriverList",
  "storage.k8s.io/v1/CSINode": "storage.v1.CSINode",
  "storage.k8s.io/v1/CSINodeList": "storage.v1.CSINodeList",
  "storage.k8s.io/v1/StorageClass": "storage.v1.StorageClass",
  "storage.k8s.io/v1/StorageClassList": "storage.v1.StorageClassList",
  "storage.k8s.io/v1/VolumeAttachment": "storage.v1.VolumeAttachment",
  "storage.k8s.io/v1/VolumeAttachmentList": "storage.v1.VolumeAttachmentList",
  "storage.k8s.io/v1beta1/CSIDriver": "storage.v1beta1.CSIDriver",
  "storage.k8s.io/v1beta1/CSIDriverList": "storage.v1beta1.CSIDriverList",
  "storage.k8s.io/v1beta1/CSINode": "storage.v1beta1.CSINode",
  "storage.k8s.io/v1beta1/CSINodeList": "storage.v1beta1.CSINodeList",
  "storage.k8s.io/v1beta1/CSIStorageCapacity": "storage.v1beta1.CSIStorageCapacity",
  "storage.k8s.io/v1beta1/CSIStorageCapacityList": "storage.v1beta1.CSIStorageCapacityList",
  "storage.k8s.io/v1beta1/StorageClass": "storage.v1beta1.StorageClass",
  "storage.k8s.io/v1beta1/StorageClassList": "storage.v1beta1.StorageClassList",
  "storage.k8s.io/v1beta1/VolumeAttachment": "storage.v1beta1.VolumeAttachment",
  "storage.k8s.io/v1beta1/VolumeAttachmentList": "storage.v1beta1.VolumeAttachmentList",
  "apiextensions.k8s.io/v1/CustomResourceDefinition":
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
  "apiextensions.k8s.io/v1/CustomResourceDefinitionList":
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList",
  "apiextensions.k8s.io/v1beta1/CustomResourceDefinition":
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition",
  "apiextensions.k8s.io/v1beta1/CustomResourceDefinitionList":
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionList",
  "apiregistration.k8s.io/v1/APIService": "apiregistration.v1.APIService",
  "apiregistration.k8s.io/v1/APIServiceList": "apiregistration.v1.APIServiceList",
  "apiregistration.k8s.io/v1beta1/APIService": "apiregistration.v1beta1.APIService",
  "apiregistration.k8s.io/v1beta1/APIServiceList": "apiregistration.v1beta1.APIServiceList",
};
