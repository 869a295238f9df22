import { ContractError } from "./contract-error.ts";
import { edgeName } from "./edge.ts";
import { engine, specification } from "./engine.ts";
import { recordPact } from "./pact-file.ts";
import type { Edge } from "./edge.ts";

/** An event as the consumer needs it: the type is its name, the data is an example with matchers. */
export interface EventExpectation {
  readonly type: string;
  readonly given?: string;
  readonly data: unknown;
}

export interface EventContract extends Edge {
  readonly folder: string;
  readonly events: readonly EventExpectation[];
}

/** What the engine hands to the consumer: an event with the data of the example. */
export interface ExampleEvent {
  readonly type: string;
  readonly data: unknown;
}

/** Hands each event to the consumer's own code, and keeps the contract when it could handle all of them. */
export async function consumeEvents(
  contract: EventContract,
  handle: (event: ExampleEvent) => Promise<void>,
): Promise<void> {
  const pact = engine().makeConsumerMessagePact(contract.consumer, contract.provider, specification, "error");
  for (const { type, given, data } of contract.events) {
    const message = pact.newAsynchronousMessage(type);
    message.expectsToReceive(type);
    if (given !== undefined) message.given(given);
    message.withContents(JSON.stringify({ type, data }), "application/json");
    const example: ExampleEvent = JSON.parse(message.getRequestContents().toString("utf8"));
    await handle(example).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      throw new ContractError(
        "not-kept-by-consumer",
        `${edgeName(contract)} (${type})`,
        `it can't be handled: ${text}`,
      );
    });
  }
  recordPact(contract.folder, contract, (folder) => pact.writePactFile(folder, false));
}
