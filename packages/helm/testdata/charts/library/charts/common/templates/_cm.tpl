{{- define "common.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .root.Values.name }}-{{ .root.Release.Name }}
data:
  {{- toYaml .data | nindent 2 }}
{{- end -}}
