export { createOpenApi } from "./open-api.ts";
export type { OpenApi, OpenApiOptions } from "./open-api.ts";
