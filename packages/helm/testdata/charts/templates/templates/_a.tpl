{{- define "shared" }}shared by {{ .Release.Name }}{{ end -}}
{{- define "item" -}}
{{ .n }}={{ .v }}
{{- end -}}
{{- define "twice" }}from a{{ end }}
{{- define "recursive" -}}
{{ . }}{{ if gt . 0 }},{{ include "recursive" (sub . 1 | int) }}{{ end }}
{{- end }}
{{- define "forever" }}{{ include "forever" . }}{{ end }}
{{- define "yaml" }}
key: {{ .Values.items | len }}
list:
{{ toYaml .Values.items }}
{{ end }}
