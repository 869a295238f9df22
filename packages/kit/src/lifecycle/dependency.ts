/** Something a service cannot work without: a database, a transport, a cache. Readiness asks it, the end closes it. */
export interface Dependency {
  readonly name: string;
  /** Fails when it cannot be used now. */
  check(signal: AbortSignal): Promise<void>;
  /** Ends what is under way and lets go. */
  close(): Promise<void>;
}
