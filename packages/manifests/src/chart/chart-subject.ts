import type { Platform, Service } from "@fairway/spec";

/** The service that a chart is for, and who it has to do with. */
export interface ChartSubject {
  readonly platform: Platform;
  readonly service: Service;
  readonly name: string;
  /** Services that call it, by name. */
  readonly callers: readonly string[];
  /** Services that it calls, as far as they are described. */
  readonly called: readonly Service[];
}

export function chartSubjects(platform: Platform, services: readonly Service[]): readonly ChartSubject[] {
  const byName = new Map(services.map((service) => [service.metadata.name, service]));
  const callers = new Map<string, string[]>();
  for (const { metadata, spec } of services) {
    for (const call of spec.needs.calls) callers.set(call, [...(callers.get(call) ?? []), metadata.name]);
  }
  return services.map((service) => ({
    platform,
    service,
    name: service.metadata.name,
    callers: (callers.get(service.metadata.name) ?? []).toSorted(),
    called: service.spec.needs.calls.flatMap((call) => byName.get(call) ?? []),
  }));
}

/** The namespace of a service, as a template says it: the values know the environment. */
export function templateNamespace({ platform }: ChartSubject, service: string): string {
  const shared = `${platform.metadata.name}-{{ .Values.global.environment }}`;
  return platform.spec.namespaces === "per-service" ? `${shared}-${service}` : shared;
}

export interface PortOfPod {
  readonly name: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  /** What is spoken there, for proxies that look into it. */
  readonly application?: "http" | "http2" | "grpc";
}

export function portsOf({ spec }: Service): readonly PortOfPod[] {
  const { http } = spec;
  const further = spec.ports.map(({ name, port, protocol }) => ({ name, port, protocol }));
  if (!http) return further;
  return [{ name: "http", port: http.port, protocol: "TCP", application: http.protocol }, ...further];
}
