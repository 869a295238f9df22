export { laterTargets } from "./later-targets.ts";
export { ManifestsError, type ManifestsErrorCode } from "./manifests-error.ts";
export { domainOf, imageRegistryOf, namespaceOf } from "./naming.ts";
export { renderState, type StateSource } from "./render-state.ts";
export { type RequiredSecret, secretsOf } from "./secrets.ts";
export { postgresChart } from "./platform/postgres-chart.ts";
