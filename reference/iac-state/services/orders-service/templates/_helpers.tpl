{{- /* On everything of orders-service. What selects its pods is the name alone, which never changes. */ -}}
{{- define "orders-service.labels" -}}
app.kubernetes.io/name: orders-service
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-orders
fairway.dev/tier: critical
{{- end }}
