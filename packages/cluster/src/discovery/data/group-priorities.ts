/** How far in front discovery lists a group, and its versions among themselves: what its APIServices say. */
export interface Priority {
  readonly group: number;
  readonly versions: Readonly<Record<string, number>>;
}

export const groupPriorities: Readonly<Record<string, Priority>> = {
  "": { group: 18_000, versions: { v1: 1 } },
  "apiregistration.k8s.io": { group: 18_000, versions: { v1: 1 } },
  apps: { group: 17_800, versions: { v1: 15 } },
  "events.k8s.io": { group: 17_750, versions: { v1: 15 } },
  "authentication.k8s.io": { group: 17_700, versions: { v1: 15 } },
  "authorization.k8s.io": { group: 17_600, versions: { v1: 15 } },
  autoscaling: { group: 17_500, versions: { v1: 15, v2: 30 } },
  batch: { group: 17_400, versions: { v1: 15 } },
  "certificates.k8s.io": { group: 17_300, versions: { v1: 15 } },
  "networking.k8s.io": { group: 17_200, versions: { v1: 15 } },
  policy: { group: 17_100, versions: { v1: 15 } },
  "rbac.authorization.k8s.io": { group: 17_000, versions: { v1: 15 } },
  "storage.k8s.io": { group: 16_800, versions: { v1: 15 } },
  "admissionregistration.k8s.io": { group: 16_700, versions: { v1: 15 } },
  "apiextensions.k8s.io": { group: 16_700, versions: { v1: 15 } },
  "scheduling.k8s.io": { group: 16_600, versions: { v1: 15 } },
  "coordination.k8s.io": { group: 16_500, versions: { v1: 15 } },
  "node.k8s.io": { group: 16_300, versions: { v1: 15 } },
  "discovery.k8s.io": { group: 16_200, versions: { v1: 15 } },
  "resource.k8s.io": { group: 16_200, versions: { v1: 21 } },
  "flowcontrol.apiserver.k8s.io": { group: 16_100, versions: { v1: 21 } },
};

/** Of groups that definitions of custom kinds make. */
export const customPriority = { group: 1_000, version: 100 } as const;
