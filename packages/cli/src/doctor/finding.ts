/** `missing` hurts only where `required`; the exit code follows from that. */
export type FindingStatus = "ok" | "limited" | "missing";

export interface Finding {
  readonly subject: string;
  readonly status: FindingStatus;
  readonly required: boolean;
  /** What is there: a version, a path, a number. */
  readonly found: string;
  /** What follows from it for the person, and what to do about it. */
  readonly meaning: string;
}

export function finding(subject: string, status: FindingStatus, found: string, meaning: string): Finding {
  return { subject, status, required: false, found, meaning };
}

export function requirement(subject: string, status: FindingStatus, found: string, meaning: string): Finding {
  return { subject, status, required: true, found, meaning };
}
