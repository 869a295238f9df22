import { hasSeccomp, hasWrongSeccomp, procMount, wrongSeccomp } from "./baseline-checks.ts";
import { named, plural, quoted, setters, sorted, type Check } from "./check.ts";
import { containersOf, type PodSpecShape } from "./pod.ts";

const allowedVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** In the order in which Kubernetes looks for the type of a volume that it refuses; each with the name it uses. */
const refusedVolumes = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "gitRepo",
  "nfs",
  "iscsi",
  "glusterfs",
  "rbd",
  "flexVolume",
  "cinder",
  "cephfs",
  "flocker",
  "fc",
  "azureFile",
  "vsphereVolume",
  "quobyte",
  "azureDisk",
  "photonPersistentDisk",
  "portworxVolume",
  "scaleIO",
  "storageos",
];

/** By the name under which Kubernetes orders them, which is the order in messages. */
export const restrictedChecks: Readonly<Record<string, Check>> = {
  allowPrivilegeEscalation: {
    level: "restricted",
    since: 8,
    violation: ({ spec }, minor) => {
      if (isExemptWindows(spec, minor)) return undefined;
      const wrong = containersOf(spec).filter(
        ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
      );
      if (wrong.length === 0) return undefined;
      return {
        reason: "allowPrivilegeEscalation != false",
        detail: `${named(wrong)} must set securityContext.allowPrivilegeEscalation=false`,
      };
    },
  },
  capabilities_restricted: {
    level: "restricted",
    since: 22,
    replaces: "capabilities_baseline",
    violation: ({ spec }, minor) => {
      if (isExemptWindows(spec, minor)) return undefined;
      const all = containersOf(spec).map((container) => ({
        container,
        capabilities: container.securityContext?.capabilities,
      }));
      const keeping = all
        .filter(({ capabilities }) => !capabilities?.drop?.includes("ALL"))
        .map(({ container }) => container);
      const extra = (add: readonly string[] = []) => add.filter((capability) => capability !== "NET_BIND_SERVICE");
      const adding = all.filter(({ capabilities }) => extra(capabilities?.add).length > 0);
      const added = sorted(adding.flatMap(({ capabilities }) => extra(capabilities?.add)));
      const details = [
        ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
        ...(adding.length > 0
          ? [
              `${named(adding.map(({ container }) => container))} must not include ${quoted(added)} in securityContext.capabilities.add`,
            ]
          : []),
      ];
      return details.length === 0 ? undefined : { reason: "unrestricted capabilities", detail: details.join("; ") };
    },
  },
  procMount_restricted: {
    level: "restricted",
    since: 35,
    replaces: "procMount",
    violation: ({ spec }) => procMount(containersOf(spec)),
  },
  restrictedVolumes: {
    level: "restricted",
    since: 0,
    replaces: "hostPathVolumes",
    violation: ({ spec }) => {
      const wrong = (spec.volumes ?? []).filter((volume) => !allowedVolumes.some((type) => volume[type] !== undefined));
      if (wrong.length === 0) return undefined;
      const types = sorted(
        wrong.map((volume) => refusedVolumes.find((type) => volume[type] !== undefined) ?? "unknown"),
      );
      return {
        reason: "restricted volume types",
        detail: [
          plural(wrong.length, "volume"),
          quoted(wrong.map(({ name }) => name)),
          plural(wrong.length, "uses", "use"),
          plural(types.length, "restricted volume type"),
          quoted(types),
        ].join(" "),
      };
    },
  },
  runAsNonRoot: {
    level: "restricted",
    since: 0,
    violation: ({ spec }, minor) => {
      if (hasOwnUsers(spec, minor)) return undefined;
      const podSays = spec.securityContext?.runAsNonRoot;
      const containers = containersOf(spec);
      const wrong = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
      const reason = "runAsNonRoot != true";
      if (podSays === false || wrong.length > 0)
        return {
          reason,
          detail: `${setters(podSays === false, wrong)} must not set securityContext.runAsNonRoot=false`,
        };
      const silent = podSays
        ? []
        : containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
      if (silent.length === 0) return undefined;
      return { reason, detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` };
    },
  },
  runAsUser: {
    level: "restricted",
    since: 23,
    violation: ({ spec }, minor) => {
      if (hasOwnUsers(spec, minor)) return undefined;
      const podIsWrong = spec.securityContext?.runAsUser === 0;
      const wrong = containersOf(spec).filter(({ securityContext }) => securityContext?.runAsUser === 0);
      if (!podIsWrong && wrong.length === 0) return undefined;
      return { reason: "runAsUser=0", detail: `${setters(podIsWrong, wrong)} must not set runAsUser=0` };
    },
  },
  seccompProfile_restricted: {
    level: "restricted",
    since: 19,
    replaces: "seccompProfile_baseline",
    violation: ({ spec }, minor) => {
      if (isExemptWindows(spec, minor)) return undefined;
      const podIsWrong = hasWrongSeccomp(spec.securityContext);
      const containers = containersOf(spec);
      const wrong = containers.filter(({ securityContext }) => hasWrongSeccomp(securityContext));
      if (podIsWrong || wrong.length > 0) return wrongSeccomp(podIsWrong ? spec.securityContext : undefined, wrong);
      if (hasSeccomp(spec.securityContext)) return undefined;
      const silent = containers.filter(({ securityContext }) => securityContext?.seccompProfile === undefined);
      if (silent.length === 0) return undefined;
      return {
        reason: "seccompProfile",
        detail: `pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      };
    },
  },
};

/** Windows has none of what these controls speak of. */
function isExemptWindows(spec: PodSpecShape, minor: number): boolean {
  return minor >= 25 && spec.os?.name === "windows";
}

/** Root in a user namespace of the pod's own is nobody outside. */
function hasOwnUsers(spec: PodSpecShape, minor: number): boolean {
  return minor >= 35 && spec.hostUsers === false;
}
