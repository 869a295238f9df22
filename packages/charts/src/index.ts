export { type ChartRequest, describe as describeChart, type FetchedChart } from "./chart-request.ts";
export { ChartStore, type ChartStoreOptions } from "./chart-store.ts";
export { ChartsError, type ChartsErrorCode } from "./charts-error.ts";
export { credentialsFromDockerConfig, type Credentials, type FindCredentials } from "./credentials.ts";
