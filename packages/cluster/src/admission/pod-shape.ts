import type { KubeObject } from "../object/kube-object.ts";

/** What admission reads and fills in of a pod; its schema has been checked when it was decoded. */
export interface PodObject extends KubeObject {
  spec: PodSpec;
}

export interface PodSpec {
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  imagePullSecrets?: { name: string }[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  priority?: number;
  priorityClassName?: string;
  preemptionPolicy?: string;
  runtimeClassName?: string;
  overhead?: Amounts;
  tolerations?: Toleration[];
  activeDeadlineSeconds?: number;
  affinity?: Affinity;
  /** None before it is validated that there are some. */
  containers: Container[] | null;
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: Volume[];
  resources?: Resources;
}

export interface Container {
  name: string;
  restartPolicy?: string;
  env?: { name: string; valueFrom?: { secretKeyRef?: { name?: string } } }[];
  envFrom?: { secretRef?: { name?: string } }[];
  resources?: Resources;
  volumeMounts?: { name: string; readOnly?: boolean; mountPath: string }[];
}

export interface Resources {
  requests?: Amounts;
  limits?: Amounts;
}

export type Amounts = Record<string, string>;

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface Volume {
  name: string;
  secret?: { secretName?: string };
  projected?: { sources?: { serviceAccountToken?: unknown }[] };
  [source: string]: unknown;
}

interface Affinity {
  readonly podAffinity?: AffinityTerms;
  readonly podAntiAffinity?: AffinityTerms;
}

interface AffinityTerms {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly { readonly podAffinityTerm: AffinityTerm }[];
}

interface AffinityTerm {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: unknown;
}

/** Those that the pod runs, with those that run before. */
export function containersOf({ initContainers, containers }: PodSpec): Container[] {
  return [...(initContainers ?? []), ...(containers ?? [])];
}
