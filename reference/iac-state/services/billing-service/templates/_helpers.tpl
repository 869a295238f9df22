{{- /* On everything of billing-service. What selects its pods is the name alone, which never changes. */ -}}
{{- define "billing-service.labels" -}}
app.kubernetes.io/name: billing-service
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-payments
fairway.dev/tier: critical
{{- end }}
