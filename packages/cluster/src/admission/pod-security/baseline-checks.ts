import { named, plural, quoted, setters, sorted, type Check } from "./check.ts";
import { containersOf, type ContainerShape, type SecurityContext } from "./pod.ts";

const containerCapabilities = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);

const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
const seccompPodAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const seccompContainerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

/** Sysctls that reach no further than the pod, with the minor version that first allowed them. */
const safeSysctls: Readonly<Record<string, number>> = {
  "kernel.shm_rmid_forced": 0,
  "net.ipv4.ip_local_port_range": 0,
  "net.ipv4.tcp_syncookies": 0,
  "net.ipv4.ping_group_range": 0,
  "net.ipv4.ip_unprivileged_port_start": 0,
  "net.ipv4.ip_local_reserved_ports": 27,
  "net.ipv4.tcp_keepalive_time": 29,
  "net.ipv4.tcp_fin_timeout": 29,
  "net.ipv4.tcp_keepalive_intvl": 29,
  "net.ipv4.tcp_keepalive_probes": 29,
  "net.ipv4.tcp_rmem": 32,
  "net.ipv4.tcp_wmem": 32,
};

const seLinuxTypes: Readonly<Record<string, number>> = {
  "": 0,
  container_t: 0,
  container_init_t: 0,
  container_kvm_t: 0,
  container_engine_t: 31,
};

/** By the name under which Kubernetes orders them, which is the order in messages. */
export const baselineChecks: Readonly<Record<string, Check>> = {
  appArmorProfile: {
    level: "baseline",
    since: 0,
    violation: ({ metadata, spec }) => {
      const isWrong = ({ appArmorProfile }: SecurityContext = {}) =>
        appArmorProfile !== undefined &&
        appArmorProfile.type !== "RuntimeDefault" &&
        appArmorProfile.type !== "Localhost";
      const podIsWrong = isWrong(spec.securityContext);
      const wrong = containersOf(spec).filter(({ securityContext }) => isWrong(securityContext));
      const values = sorted(
        [...(podIsWrong ? [spec] : []), ...wrong].map(
          ({ securityContext }) => securityContext?.appArmorProfile?.type ?? "",
        ),
      );
      const annotations = Object.entries(metadata?.annotations ?? {})
        .filter(([name, value]) => name.startsWith(appArmorAnnotation) && !allowedAppArmor(value))
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .toSorted();
      const who = [
        setters(podIsWrong, wrong),
        ...(annotations.length > 0 ? [plural(annotations.length, "annotation")] : []),
      ].filter(Boolean);
      const all = [...values, ...annotations];
      if (who.length === 0) return undefined;
      return {
        reason: plural(all.length, "forbidden AppArmor profile"),
        detail: `${who.join(" and ")} must not set AppArmor profile type to ${quoted(all)}`,
      };
    },
  },
  capabilities_baseline: {
    level: "baseline",
    since: 0,
    violation: ({ spec }) => {
      const extra = ({ securityContext }: ContainerShape) =>
        (securityContext?.capabilities?.add ?? []).filter((capability) => !containerCapabilities.has(capability));
      const wrong = containersOf(spec).filter((container) => extra(container).length > 0);
      if (wrong.length === 0) return undefined;
      return {
        reason: "non-default capabilities",
        detail: `${named(wrong)} must not include ${quoted(sorted(wrong.flatMap(extra)))} in securityContext.capabilities.add`,
      };
    },
  },
  hostNamespaces: {
    level: "baseline",
    since: 0,
    violation: ({ spec }) => {
      const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field] === true);
      return shared.length === 0
        ? undefined
        : { reason: "host namespaces", detail: shared.map((field) => `${field}=true`).join(", ") };
    },
  },
  hostPathVolumes: {
    level: "baseline",
    since: 0,
    violation: ({ spec }) => {
      const wrong = (spec.volumes ?? []).filter((volume) => volume["hostPath"] !== undefined);
      if (wrong.length === 0) return undefined;
      return {
        reason: "hostPath volumes",
        detail: `${plural(wrong.length, "volume")} ${quoted(wrong.map(({ name }) => name))}`,
      };
    },
  },
  hostPorts: {
    level: "baseline",
    since: 0,
    violation: ({ spec }) => {
      const hostPorts = ({ ports }: ContainerShape) =>
        (ports ?? []).map(({ hostPort }) => hostPort ?? 0).filter((port) => port !== 0);
      const wrong = containersOf(spec).filter((container) => hostPorts(container).length > 0);
      const ports = sorted(wrong.flatMap(hostPorts).map(String));
      if (wrong.length === 0) return undefined;
      return {
        reason: "hostPort",
        detail: `${named(wrong)} ${plural(wrong.length, "uses", "use")} ${plural(ports.length, "hostPort")} ${ports.join(", ")}`,
      };
    },
  },
  hostProbesAndHostLifecycle: {
    level: "baseline",
    since: 34,
    violation: ({ spec }) => {
      const wrong = containersOf(spec).filter((container) => handlerHosts(container).length > 0);
      const hosts = sorted(wrong.flatMap(handlerHosts));
      if (wrong.length === 0) return undefined;
      const names = sorted(wrong.map(({ name }) => name));
      return {
        reason: "probe or lifecycle host",
        detail: [
          plural(names.length, "container"),
          quoted(names),
          plural(names.length, "uses", "use"),
          plural(hosts.length, "probe or lifecycle host"),
          quoted(hosts),
        ].join(" "),
      };
    },
  },
  privileged: {
    level: "baseline",
    since: 0,
    violation: ({ spec }) => {
      const wrong = containersOf(spec).filter(({ securityContext }) => securityContext?.privileged === true);
      if (wrong.length === 0) return undefined;
      return { reason: "privileged", detail: `${named(wrong)} must not set securityContext.privileged=true` };
    },
  },
  procMount: {
    level: "baseline",
    since: 0,
    violation: ({ spec }, minor) =>
      minor >= 35 && spec.hostUsers === false ? undefined : procMount(containersOf(spec)),
  },
  seLinuxOptions: {
    level: "baseline",
    since: 0,
    violation: ({ spec }, minor) => {
      const typeIsWrong = (type: string) => !isAllowedAt(seLinuxTypes[type], minor);
      const isWrong = ({ seLinuxOptions: options }: SecurityContext = {}) =>
        options !== undefined && (typeIsWrong(options.type ?? "") || Boolean(options.user) || Boolean(options.role));
      const podIsWrong = isWrong(spec.securityContext);
      const wrong = containersOf(spec).filter(({ securityContext }) => isWrong(securityContext));
      if (!podIsWrong && wrong.length === 0) return undefined;
      const options = [...(podIsWrong ? [spec] : []), ...wrong].map(
        ({ securityContext }) => securityContext?.seLinuxOptions ?? {},
      );
      const types = sorted(options.map(({ type }) => type ?? "").filter(typeIsWrong));
      const faults = [
        ...(types.length > 0 ? [`${plural(types.length, "type")} ${quoted(types)}`] : []),
        ...(options.some(({ user }) => user) ? ["user may not be set"] : []),
        ...(options.some(({ role }) => role) ? ["role may not be set"] : []),
      ];
      return {
        reason: "seLinuxOptions",
        detail: `${setters(podIsWrong, wrong)} set forbidden securityContext.seLinuxOptions: ${faults.join("; ")}`,
      };
    },
  },
  seccompProfile_baseline: {
    level: "baseline",
    since: 0,
    violation: ({ metadata, spec }, minor) => {
      if (minor < 19) return seccompAnnotations(metadata?.annotations ?? {}, containersOf(spec));
      const podIsWrong = hasWrongSeccomp(spec.securityContext);
      const wrong = containersOf(spec).filter(({ securityContext }) => hasWrongSeccomp(securityContext));
      if (!podIsWrong && wrong.length === 0) return undefined;
      return wrongSeccomp(podIsWrong ? spec.securityContext : undefined, wrong);
    },
  },
  sysctls: {
    level: "baseline",
    since: 0,
    violation: ({ spec }, minor) => {
      const wrong = (spec.securityContext?.sysctls ?? []).filter(({ name }) => !isAllowedAt(safeSysctls[name], minor));
      return wrong.length === 0
        ? undefined
        : { reason: "forbidden sysctls", detail: wrong.map(({ name }) => name).join(", ") };
    },
  },
  windowsHostProcess: {
    level: "baseline",
    since: 0,
    violation: ({ spec }) => {
      const isWrong = (context: SecurityContext | undefined) => context?.windowsOptions?.hostProcess === true;
      const podIsWrong = isWrong(spec.securityContext);
      const wrong = containersOf(spec).filter(({ securityContext }) => isWrong(securityContext));
      if (!podIsWrong && wrong.length === 0) return undefined;
      return {
        reason: "hostProcess",
        detail: `${setters(podIsWrong, wrong)} must not set securityContext.windowsOptions.hostProcess=true`,
      };
    },
  },
};

export function procMount(containers: readonly ContainerShape[]): ReturnType<Check["violation"]> {
  const wrong = containers.filter(({ securityContext }) => (securityContext?.procMount ?? "Default") !== "Default");
  if (wrong.length === 0) return undefined;
  const values = sorted(wrong.map(({ securityContext }) => securityContext?.procMount ?? ""));
  return { reason: "procMount", detail: `${named(wrong)} must not set securityContext.procMount to ${quoted(values)}` };
}

export function hasWrongSeccomp(context: SecurityContext | undefined): boolean {
  return context?.seccompProfile !== undefined && !hasSeccomp(context);
}

export function hasSeccomp(context: SecurityContext | undefined): boolean {
  return context?.seccompProfile?.type === "RuntimeDefault" || context?.seccompProfile?.type === "Localhost";
}

export function wrongSeccomp(
  pod: SecurityContext | undefined,
  containers: readonly ContainerShape[],
): ReturnType<Check["violation"]> {
  const values = sorted(
    [...(pod ? [pod] : []), ...containers.map(({ securityContext }) => securityContext)].map(
      (context) => context?.seccompProfile?.type ?? "",
    ),
  );
  return {
    reason: "seccompProfile",
    detail: `${setters(pod !== undefined, containers)} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
  };
}

/** How profiles were chosen before they had a field. */
function seccompAnnotations(
  annotations: Readonly<Record<string, string>>,
  containers: readonly ContainerShape[],
): ReturnType<Check["violation"]> {
  const names = [seccompPodAnnotation, ...containers.map(({ name }) => seccompContainerAnnotation + name)];
  const wrong = sorted(
    names.flatMap((name) => {
      const value = annotations[name];
      return value === undefined || allowedSeccompAnnotation(value) ? [] : [`${name}=${JSON.stringify(value)}`];
    }),
  );
  if (wrong.length === 0) return undefined;
  return { reason: "seccompProfile", detail: `forbidden ${plural(wrong.length, "annotation")} ${wrong.join(", ")}` };
}

function allowedSeccompAnnotation(value: string): boolean {
  return value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");
}

function allowedAppArmor(value: string): boolean {
  return value === "" || value === "runtime/default" || value.startsWith("localhost/");
}

function handlerHosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: ContainerShape): readonly string[] {
  return [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
    .flatMap((handler) => [handler?.httpGet?.host ?? "", handler?.tcpSocket?.host ?? ""])
    .filter((host) => host !== "");
}

/** A table names the version that first allowed something; what it doesn't name never was. */
function isAllowedAt(since: number | undefined, minor: number): boolean {
  return since !== undefined && since <= minor;
}
