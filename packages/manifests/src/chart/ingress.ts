import { template, type Lines } from "../text/lines.ts";
import type { ChartSubject } from "./chart-subject.ts";
import { metadata, type Annotations } from "./metadata.ts";

/**
 * Each service has an Ingress of its own for its public paths, all with the host name of the environment: the longest path
 * wins, and whoever has `/` gets what nobody else wants.
 */
export function ingressFile(subject: ChartSubject): Lines {
  const paths = (subject.service.spec.http?.public ?? []).map(
    (path) => template`
      - path: ${path}
        pathType: Prefix
        backend:
          service:
            name: ${subject.name}
            port:
              name: http
    `,
  );
  return template`
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    ${metadata(subject, { annotations: issuer })}
    spec:
      {{- with .Values.global.ingress.className }}
      ingressClassName: {{ . | quote }}
      {{- end }}
      {{- with .Values.global.ingress.tlsSecret }}
      tls:
        - hosts:
            - {{ $.Values.global.domain | quote }}
          secretName: {{ . | quote }}
      {{- end }}
      rules:
        - host: {{ .Values.global.domain | quote }}
          http:
            paths:
              ${paths}
  `;
}

/** cert-manager makes the certificate, where the environment has one who signs it. */
const issuer: Annotations = {
  onlyWith: ".Values.global.ingress.issuer",
  entries: template`cert-manager.io/cluster-issuer: {{ . | quote }}`,
};
