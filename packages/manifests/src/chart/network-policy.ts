import type { Service } from "@fairway/spec";
import { hasEvents } from "../secrets.ts";
import { nothing, template, type Lines } from "../text/lines.ts";
import { portsOf, templateNamespace, type ChartSubject, type PortOfPod } from "./chart-subject.ts";
import { metadata } from "./metadata.ts";

/** Who may reach the service and what it may reach: what follows from `needs`, and nothing else. */
export function networkPolicyFile(subject: ChartSubject): Lines {
  return template`
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    ${metadata(subject)}
    spec:
      podSelector:
        matchLabels:
          app.kubernetes.io/name: ${subject.name}
      policyTypes:
        - Ingress
        - Egress
      ${ingress(subject)}
      egress:
        ${nameService}
        ${subject.called.length > 0 ? template`# Services that it calls.` : nothing}
        ${subject.called.map((service) => egressTo(subject, service))}
        ${stores(subject)}
        ${kubernetesApi(subject)}
        ${outside(subject)}
  `;
}

function ingress(subject: ChartSubject): Lines {
  const { service, callers } = subject;
  const { http } = service.spec;
  const rules = [
    ...(callers.length > 0 ? [ingressFrom(subject)] : []),
    ...(http && http.public.length > 0 ? [fromNamespace("The ingress controller.", "ingress", http.port)] : []),
    ...(http ? [fromNamespace("Prometheus.", "monitoring", http.port)] : []),
  ];
  if (rules.length === 0) return template`ingress: []`;
  return template`
    ingress:
      ${rules}
  `;
}

function ingressFrom(subject: ChartSubject): Lines {
  return template`
    # Services that call it.
    - from:
        ${subject.callers.map((caller) => peer(subject, caller))}
      ports:
        ${portsOf(subject.service).map(port)}
  `;
}

function fromNamespace(who: string, key: "ingress" | "monitoring", number: number): Lines {
  return {
    lines: [
      `# ${who}`,
      ...template`
        - from:
            - namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: {{ .Values.global.namespaces.${key} | quote }}
          ports:
            - port: ${number}
      `.lines,
    ],
  };
}

function peer(subject: ChartSubject, service: string): Lines {
  const pods = template`
    podSelector:
      matchLabels:
        app.kubernetes.io/name: ${service}
  `;
  if (subject.platform.spec.namespaces !== "per-service") return listItem(pods);
  return listItem({
    lines: [
      "namespaceSelector:",
      "  matchLabels:",
      `    kubernetes.io/metadata.name: ${templateNamespace(subject, service)}`,
      ...pods.lines,
    ],
  });
}

function listItem({ lines }: Lines): Lines {
  return { lines: lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)) };
}

const nameService = template`
  # DNS.
  - to:
      - namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: kube-system
        podSelector:
          matchLabels:
            k8s-app: kube-dns
    ports:
      - port: 53
        protocol: UDP
      - port: 53
        protocol: TCP
`;

function egressTo(subject: ChartSubject, service: Service): Lines {
  return template`
    - to:
        ${peer(subject, service.metadata.name)}
      ports:
        ${portsOf(service).map(port)}
  `;
}

function port({ port, protocol }: PortOfPod): Lines {
  if (protocol === "TCP") return template`- port: ${port}`;
  return template`
    - port: ${port}
      protocol: ${protocol}
  `;
}

const storePorts = { postgres: 5432, nats: 4222, cache: 6379 } as const;

/** Managed stores have no pods that a selector could name: they are somewhere in the private networks. */
function stores(subject: ChartSubject): Lines {
  const { needs } = subject.service.spec;
  const events = hasEvents(subject.service);
  const ports = [
    ...(needs.postgres || events ? [storePorts.postgres] : []),
    ...(events && subject.platform.spec.engines.events === "nats" ? [storePorts.nats] : []),
    ...(needs.cache ? [storePorts.cache] : []),
  ];
  const what = [needs.postgres && "database", events && "events", needs.cache && "cache"].filter(Boolean);
  return ports.length === 0 ? nothing : toPrivateNetworks(`Its ${what.join(", its ")}.`, ports);
}

function kubernetesApi({ service }: ChartSubject): Lines {
  if (service.spec.needs.permissions.length === 0) return nothing;
  return toPrivateNetworks("The Kubernetes API.", [443, 6443]);
}

function toPrivateNetworks(what: string, ports: readonly number[]): Lines {
  return {
    lines: [
      `# ${what}`,
      ...template`
        - to:
            {{- range .Values.global.networks.private }}
            - ipBlock:
                cidr: {{ . | quote }}
            {{- end }}
          ports:
            ${ports.map((port) => template`- port: ${port}`)}
      `.lines,
    ],
  };
}

/** Policies know addresses, not names: for a host any public address is open, at its port. */
function outside({ service }: ChartSubject): readonly Lines[] {
  const { egress, buckets } = service.spec.needs;
  const hosts = new Map<number, string[]>();
  for (const { host, port } of egress) {
    if (!host.includes("/")) hosts.set(port, [...(hosts.get(port) ?? []), host]);
  }
  if (buckets.length > 0) hosts.set(443, [...(hosts.get(443) ?? []), "object storage"]);
  const networks = egress.filter(({ host }) => host.includes("/"));
  return [
    ...networks.map(
      ({ host, port }) => template`
        - to:
            - ipBlock:
                cidr: ${host}
          ports:
            - port: ${port}
      `,
    ),
    ...[...hosts].map(([port, names]) => toPublicAddresses(names.join(", "), port)),
  ];
}

function toPublicAddresses(what: string, port: number): Lines {
  return {
    lines: [
      `# ${what}`,
      ...template`
        - to:
            - ipBlock:
                cidr: 0.0.0.0/0
                except:
                  - 10.0.0.0/8
                  - 100.64.0.0/10
                  - 169.254.0.0/16
                  - 172.16.0.0/12
                  - 192.168.0.0/16
            - ipBlock:
                cidr: ::/0
                except:
                  - fc00::/7
                  - fe80::/10
          ports:
            - port: ${port}
      `.lines,
    ],
  };
}
