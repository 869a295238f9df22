import type { ServiceCommand, ServiceProcess } from "./service-process.ts";

/** One thing that every service does. */
export interface Clause {
  readonly name: string;
  /** What goes wrong in a cluster without it. */
  readonly why: string;
  /** What is wrong, or undefined. */
  readonly fault: (subject: Subject) => Promise<string | undefined>;
}

export interface Subject {
  /** Runs already, and is ready unless a clause before this one found that it never is. */
  readonly running: ServiceProcess;
  readonly command: ServiceCommand;
  /** Starts another one, which the contract ends. */
  readonly start: (address: { readonly host: string; readonly port: string }) => ServiceProcess;
}
