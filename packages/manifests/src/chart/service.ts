import { template, type Lines } from "../text/lines.ts";
import { portsOf, type ChartSubject, type PortOfPod } from "./chart-subject.ts";
import { metadata } from "./metadata.ts";

const applicationProtocols = { http: "http", http2: "kubernetes.io/h2c", grpc: "grpc" } as const;

export function serviceFile(subject: ChartSubject): Lines {
  return template`
    apiVersion: v1
    kind: Service
    ${metadata(subject)}
    spec:
      type: ClusterIP
      selector:
        app.kubernetes.io/name: ${subject.name}
      ports:
        ${portsOf(subject.service).map(servicePort)}
  `;
}

function servicePort({ name, port, protocol, application }: PortOfPod): Lines {
  const spoken = application && { lines: [`appProtocol: ${applicationProtocols[application]}`] };
  return template`
    - name: ${name}
      port: ${port}
      targetPort: ${name}
      protocol: ${protocol}
      ${spoken}
  `;
}
