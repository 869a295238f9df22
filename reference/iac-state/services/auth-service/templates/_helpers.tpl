{{- /* On everything of auth-service. What selects its pods is the name alone, which never changes. */ -}}
{{- define "auth-service.labels" -}}
app.kubernetes.io/name: auth-service
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-identity
fairway.dev/tier: critical
{{- end }}
