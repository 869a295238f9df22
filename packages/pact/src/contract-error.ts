export type ContractErrorCode = "not-kept-by-consumer" | "not-kept-by-provider" | "not-recorded";

/** A contract between two services does not hold; the message names the edge. */
export class ContractError extends Error {
  override readonly name = "ContractError";
  readonly code: ContractErrorCode;
  readonly edge: string;

  constructor(code: ContractErrorCode, edge: string, message: string) {
    super(`${edge}: ${message}`);
    this.code = code;
    this.edge = edge;
  }
}
