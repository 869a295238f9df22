{{- /* On everything of gateway-service. What selects its pods is the name alone, which never changes. */ -}}
{{- define "gateway-service.labels" -}}
app.kubernetes.io/name: gateway-service
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-platform
fairway.dev/tier: critical
{{- end }}
