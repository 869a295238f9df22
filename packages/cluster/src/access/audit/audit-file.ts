import { closeSync, openSync, writeSync } from "node:fs";
import { readAuditPolicy } from "./audit-policy.ts";
import { createAudit, type Audit } from "./audit-trail.ts";

export interface AuditFile {
  readonly audit: Audit;
  readonly close: () => void;
}

/**
 * Logs to the end of a file that only its owner may read, by the text of a policy. A line is there before the answer goes, so that nothing
 * queues up. Throws an AuditError when the policy can't be used.
 */
export function openAuditFile(options: {
  readonly path: string;
  readonly policy: string;
  readonly now: () => Date;
}): AuditFile {
  const policy = readAuditPolicy(options.policy);
  const file = openSync(options.path, "a", 0o600);
  const write = (line: string): void => void writeSync(file, `${line}\n`);
  return { audit: createAudit({ policy, write, now: options.now }), close: () => closeSync(file) };
}
