import { changesOfObject } from "./limits.ts";

export interface FollowReport {
  readonly library: string;
  readonly changes: number;
  readonly seen: number;
  readonly missed: number;
  readonly twice: number;
  readonly reconnects: number;
  readonly seconds: number;
}

/** What was seen of each object. The changes of one object are numbered from 1 on, its deletion is the last. */
export class Ledger {
  readonly #last = new Map<string, number>();
  readonly changes: number;
  seen = 0;
  missed = 0;
  twice = 0;

  constructor(objects: number) {
    this.changes = objects * changesOfObject;
  }

  get isComplete(): boolean {
    return this.seen + this.missed >= this.changes;
  }

  note(name: string, number: number): void {
    const before = this.#last.get(name) ?? 0;
    if (number <= before) {
      this.twice += 1;
      return;
    }
    this.missed += number - before - 1;
    this.#last.set(name, number);
    this.seen += 1;
  }
}

export function isFaultless({ changes, seen, missed, twice }: FollowReport): boolean {
  return seen === changes && missed === 0 && twice === 0;
}

export function formatFollow({ library, changes, seen, missed, twice, reconnects, seconds }: FollowReport): string {
  const took = `${reconnects} connections were cut, ${seconds.toFixed(1)} s`;
  return `${library}: ${seen} of ${changes} changes seen, ${missed} missed, ${twice} twice; ${took}`;
}
