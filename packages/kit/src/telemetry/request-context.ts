import { AsyncLocalStorage } from "node:async_hooks";
import type { Span } from "./tracer.ts";

/** What follows a request through everything it awaits: its span and when it has to be answered. */
export interface RequestContext {
  readonly span: Span;
  /** On the clock of `performance.now()`. */
  readonly deadline: number | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

export function inContext<T>(context: RequestContext, run: () => T): T {
  return storage.run(context, run);
}
