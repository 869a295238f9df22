export { checkRuntimeContract, type ClauseResult } from "./contract.ts";
export type { ServiceCommand } from "./service-process.ts";
