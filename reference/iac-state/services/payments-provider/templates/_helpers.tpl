{{- /* On everything of payments-provider. What selects its pods is the name alone, which never changes. */ -}}
{{- define "payments-provider.labels" -}}
app.kubernetes.io/name: payments-provider
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ .Release.Service }}
fairway.dev/owner: team-payments
fairway.dev/tier: standard
{{- end }}
