import { createRequire } from "node:module";
import type * as PactCore from "@pact-foundation/pact-core";

export type Engine = typeof PactCore;

/** Version 4 of the Pact specification: messages and requests in one kind of file. */
export const specification = 5;

const require = createRequire(import.meta.url);

let loaded: Engine | Error | undefined;

/** The engine is native code, which is not there for every platform. */
function load(): Engine | Error {
  try {
    return (loaded ??= require("@pact-foundation/pact-core") as Engine);
  } catch (error) {
    return (loaded = error instanceof Error ? error : new Error(String(error)));
  }
}

/** Why contracts can't be checked here; false when they can. For the `skip` of a test. */
export function pactIsMissing(): string | false {
  const found = load();
  return found instanceof Error ? `the engine of Pact does not run here: ${found.message.split("\n")[0]}` : false;
}

export function engine(): Engine {
  const found = load();
  if (found instanceof Error) throw found;
  return found;
}
