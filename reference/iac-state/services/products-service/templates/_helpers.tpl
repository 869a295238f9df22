{{- /* On everything of products-service. What selects its pods is the name alone, which never changes. */ -}}
{{- define "products-service.labels" -}}
app.kubernetes.io/name: products-service
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-catalogue
fairway.dev/tier: standard
{{- end }}
