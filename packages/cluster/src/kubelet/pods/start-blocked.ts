/** A container can't be started now; the reason and message are those of its waiting state. */
export class StartBlocked extends Error {
  override readonly name = "StartBlocked";
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export function startBlocked(reason: string, message: string): StartBlocked {
  return new StartBlocked(reason, message);
}
