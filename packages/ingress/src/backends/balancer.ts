import type { Endpoint } from "./find-endpoints.ts";

/** Chooses the pod with the fewest requests under way; of several the one whose turn it is. */
export class Balancer {
  readonly #pending = new Map<string, number>();
  #turn = 0;

  /** Undefined when all were tried. */
  choose(endpoints: readonly Endpoint[], tried: ReadonlySet<string>): Endpoint | undefined {
    this.#turn += 1;
    let best: Endpoint | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < endpoints.length; index += 1) {
      const each = endpoints[(index + this.#turn) % endpoints.length];
      if (each === undefined || tried.has(keyOf(each))) continue;
      const count = this.pending(each);
      if (count < least) [best, least] = [each, count];
    }
    return best;
  }

  pending(endpoint: Endpoint): number {
    return this.#pending.get(keyOf(endpoint)) ?? 0;
  }

  began(endpoint: Endpoint): void {
    this.#pending.set(keyOf(endpoint), this.pending(endpoint) + 1);
  }

  ended(endpoint: Endpoint): void {
    const count = this.pending(endpoint) - 1;
    if (count > 0) this.#pending.set(keyOf(endpoint), count);
    else this.#pending.delete(keyOf(endpoint));
  }
}

export function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
