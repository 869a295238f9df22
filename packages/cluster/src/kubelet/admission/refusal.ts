/** Why a node doesn't take a pod that was given to it. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}
