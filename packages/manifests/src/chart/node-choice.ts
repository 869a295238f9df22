import { nodeLabels } from "../naming.ts";
import { template, type Lines } from "../text/lines.ts";
import type { ChartSubject } from "./chart-subject.ts";

/** Where its pods run: apart from each other, on the nodes of its pool, and on cheap ones where the environment allows it. */
export function nodeChoice({ name }: ChartSubject): Lines {
  return template`
    {{- with .Values.nodes.pool }}
    nodeSelector:
      ${nodeLabels.pool}: {{ . | quote }}
    {{- end }}
    {{- if .Values.nodes.spot }}
    affinity:
      nodeAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            preference:
              matchExpressions:
                - key: ${nodeLabels.spot}
                  operator: In
                  values:
                    - "true"
    tolerations:
      - key: ${nodeLabels.spot}
        operator: Equal
        value: "true"
        effect: NoSchedule
    {{- end }}
    topologySpreadConstraints:
      ${spread(name, "topology.kubernetes.io/zone")}
      ${spread(name, "kubernetes.io/hostname")}
  `;
}

function spread(name: string, topologyKey: string): Lines {
  return template`
    - maxSkew: 1
      topologyKey: ${topologyKey}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          app.kubernetes.io/name: ${name}
      matchLabelKeys:
        - pod-template-hash
  `;
}
