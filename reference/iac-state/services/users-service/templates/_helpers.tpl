{{- /* On everything of users-service. What selects its pods is the name alone, which never changes. */ -}}
{{- define "users-service.labels" -}}
app.kubernetes.io/name: users-service
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-identity
fairway.dev/tier: standard
{{- end }}
