import type { Service } from "@fairway/spec";
import { nothing, template, type Lines } from "../text/lines.ts";
import type { ChartSubject } from "./chart-subject.ts";

export interface Annotations {
  readonly entries: Lines;
  /** The value that has to be there; the entries say it with a dot. */
  readonly onlyWith?: string;
}

/** `metadata` of an object: the name of the service, its labels, and what service.yaml wants to be noted. */
export function metadata(subject: ChartSubject, extra: { name?: string; annotations?: Annotations } = {}): Lines {
  return template`
    metadata:
      name: ${extra.name ?? subject.name}
      namespace: {{ .Release.Namespace }}
      labels:
        {{- include "${subject.name}.labels" . | nindent 4 }}
      ${annotationsField(subject, extra.annotations)}
  `;
}

export function annotationsField({ service }: ChartSubject, further?: Annotations): Lines {
  const own = Object.entries(service.metadata.annotations).map(
    ([name, value]) => template`
      ${name}: ${value}
    `,
  );
  if (own.length > 0) {
    return template`
      annotations:
        ${further && guarded(withoutGiven(further.entries, service), further.onlyWith)}
        ${own}
    `;
  }
  if (!further || further.entries.lines.length === 0) return nothing;
  const annotations = template`
    annotations:
      ${further.entries}
  `;
  return guarded(annotations, further.onlyWith);
}

/** What service.yaml says itself goes first, and a name must not be there twice. */
function withoutGiven({ lines }: Lines, service: Service): Lines {
  return { lines: lines.filter((line) => !Object.hasOwn(service.metadata.annotations, line.split(":")[0] ?? "")) };
}

function guarded({ lines }: Lines, value: string | undefined): Lines {
  const isPlain = value === undefined || lines.length === 0;
  return { lines: isPlain ? lines : [`{{- with ${value} }}`, ...lines, "{{- end }}"] };
}

export function helpersFile({ name, platform, service }: ChartSubject): Lines {
  const own = Object.entries(service.metadata.labels).map(
    ([label, value]) => template`
      ${label}: ${value}
    `,
  );
  return template`
    {{- /* On everything of ${name}. What selects its pods is the name alone, which never changes. */ -}}
    {{- define "${name}.labels" -}}
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/instance: {{ .Release.Name | quote }}
    app.kubernetes.io/part-of: ${platform.metadata.name}
    app.kubernetes.io/managed-by: {{ .Release.Service }}
    fairway.dev/owner: ${service.metadata.owner}
    fairway.dev/tier: ${service.spec.tier}
    ${own}
    {{- end }}
  `;
}
