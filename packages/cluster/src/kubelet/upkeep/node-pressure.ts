/** What the node is short of: told in its conditions, and a reason to take no pods. */
export interface NodePressure {
  disk: boolean;
}
