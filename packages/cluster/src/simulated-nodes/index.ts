export { startSimulatedNodes } from "./start-simulated-nodes.ts";
export type { RunningSimulatedNodes, SimulatedNodesOptions } from "./start-simulated-nodes.ts";
export { simulatedNodesMax } from "./limits.ts";
