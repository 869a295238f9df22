import { closeSync, openSync, writeSync } from "node:fs";

export interface AuditFile {
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** Appends lines to a file that only its owner may read. A line is there before the answer goes, so that nothing queues up. */
export function openAuditFile(path: string): AuditFile {
  const file = openSync(path, "a", 0o600);
  return {
    write: (line) => void writeSync(file, `${line}\n`),
    close: () => closeSync(file),
  };
}
