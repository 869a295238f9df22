{{- define "errors.inner" -}}
{{ required "a value is needed: see the docs" .Values.needed }}
{{- end -}}
{{- define "errors.outer" -}}
outer: {{ include "errors.inner" . }}
{{- end -}}
{{- define "errors.nilinner" -}}
x:
  y: {{ .Values.nothing.here.deep }}
{{- end -}}
{{- define "errors.nilouter" -}}
{{ include "errors.nilinner" . | upper }}
{{- end -}}
