export { startIngress } from "./ingress.ts";
export type { Ingress, IngressOptions } from "./ingress.ts";
export { IngressError } from "./ingress-error.ts";
export type { IngressErrorCode } from "./ingress-error.ts";
