/** Where the objects of a kind are found in the API. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** `/apis/apps/v1/namespaces/default/deployments/web/status`; without a name the collection, without a namespace all of them. */
export function pathOf(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const place = resource.namespaced && namespace !== undefined && namespace !== "" ? `/namespaces/${namespace}` : "";
  const object = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  const part = subresource === undefined ? "" : `/${subresource}`;
  return `${root}${place}/${resource.plural}${object}${part}`;
}

export function resourceKey(resource: Resource): string {
  return `${resource.group}/${resource.version}/${resource.plural}`;
}

function resource(apiVersion: string, kind: string, plural: string, namespaced = true): Resource {
  const slash = apiVersion.indexOf("/");
  return {
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    plural,
    namespaced,
  };
}

/** The resources that controllers and the scheduler work with. */
export const resources = {
  validatingAdmissionPolicies: resource(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicy",
    "validatingadmissionpolicies",
    false,
  ),
  configMaps: resource("v1", "ConfigMap", "configmaps"),
  endpoints: resource("v1", "Endpoints", "endpoints"),
  events: resource("v1", "Event", "events"),
  namespaces: resource("v1", "Namespace", "namespaces", false),
  nodes: resource("v1", "Node", "nodes", false),
  persistentVolumeClaims: resource("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
  persistentVolumes: resource("v1", "PersistentVolume", "persistentvolumes", false),
  pods: resource("v1", "Pod", "pods"),
  replicationControllers: resource("v1", "ReplicationController", "replicationcontrollers"),
  resourceQuotas: resource("v1", "ResourceQuota", "resourcequotas"),
  serviceAccounts: resource("v1", "ServiceAccount", "serviceaccounts"),
  secrets: resource("v1", "Secret", "secrets"),
  services: resource("v1", "Service", "services"),
  controllerRevisions: resource("apps/v1", "ControllerRevision", "controllerrevisions"),
  daemonSets: resource("apps/v1", "DaemonSet", "daemonsets"),
  deployments: resource("apps/v1", "Deployment", "deployments"),
  replicaSets: resource("apps/v1", "ReplicaSet", "replicasets"),
  statefulSets: resource("apps/v1", "StatefulSet", "statefulsets"),
  horizontalPodAutoscalers: resource("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  cronJobs: resource("batch/v1", "CronJob", "cronjobs"),
  jobs: resource("batch/v1", "Job", "jobs"),
  certificateSigningRequests: resource(
    "certificates.k8s.io/v1",
    "CertificateSigningRequest",
    "certificatesigningrequests",
    false,
  ),
  clusterRoles: resource("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
  leases: resource("coordination.k8s.io/v1", "Lease", "leases"),
  endpointSlices: resource("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
  seriesEvents: resource("events.k8s.io/v1", "Event", "events"),
  podDisruptionBudgets: resource("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
  priorityClasses: resource("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", false),
  storageClasses: resource("storage.k8s.io/v1", "StorageClass", "storageclasses", false),
  volumeAttributesClasses: resource("storage.k8s.io/v1", "VolumeAttributesClass", "volumeattributesclasses", false),
} as const;
