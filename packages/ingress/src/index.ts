export { IngressError } from "./ingress-error.ts";
export type { IngressErrorCode } from "./ingress-error.ts";
