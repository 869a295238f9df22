export { serviceEndpoints } from "./service-endpoints.ts";
export type { AskConversion, ConversionWebhook } from "./conversion.ts";
export { createCustomKinds } from "./custom-kinds.ts";
export type { CustomKinds, CustomKindsOptions } from "./custom-kinds.ts";
