import { ClusterClient } from "../diff/cluster-client.ts";
import type { ClusterAccess } from "../diff/kubeconfig.ts";
import { differences } from "../diff/difference.ts";
import type { WireAnswer } from "../diff/answer.ts";
import type { Case } from "./case.ts";
import { findingOf, type Finding } from "./classify.ts";
import { parallelCases, retellings } from "./limits.ts";
import { makeNamespace, tellCase } from "./tell-case.ts";

/** A case that the two servers answer differently, as small as it became. */
export interface Discovery {
  readonly told: Case;
  readonly finding: Finding;
  readonly real: readonly WireAnswer[];
  readonly ours: readonly WireAnswer[];
}

export interface Servers {
  readonly real: ClusterAccess;
  readonly ours: ClusterAccess;
  /** Begins the names of namespaces, so that nothing is there yet. */
  readonly name: string;
}

/** Holds the two servers against each other. */
export class Comparison {
  readonly #real: ClusterClient;
  readonly #ours: ClusterClient;
  readonly #name: string;
  #namespaces = 0;

  constructor({ real, ours, name }: Servers) {
    this.#real = new ClusterClient(real);
    this.#ours = new ClusterClient(ours);
    this.#name = name;
  }

  close(): void {
    this.#real.close();
    this.#ours.close();
  }

  /** Tells all cases, several at once; what differs is told again alone, and made smaller. */
  async find(cases: readonly Case[], onProgress: (done: number) => void): Promise<readonly Discovery[]> {
    const doubted: Case[] = [];
    const waiting = [...cases];
    let done = 0;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (await this.#differs(next)) doubted.push(next);
        done += 1;
        onProgress(done);
      }
    };
    await Promise.all(Array.from({ length: parallelCases }, work));
    const found: Discovery[] = [];
    for (const each of doubted) {
      const discovery = await this.#differs(each);
      if (discovery && (await this.#isCertain(discovery))) found.push(await this.#smaller(discovery));
    }
    return found.toSorted((left, right) => left.told.number - right.told.number);
  }

  async #differs(told: Case): Promise<Discovery | undefined> {
    const namespace = await this.#namespace(told);
    const [real, ours] = await Promise.all([
      tellCase(this.#real, told, namespace),
      tellCase(this.#ours, told, namespace),
    ]);
    const finding = findingOf(real, ours);
    return finding && { told, finding, real, ours };
  }

  /** Where the real server says one thing and then another, such as in the order of a map, nothing can be learnt. */
  async #isCertain({ told, real, finding }: Discovery): Promise<boolean> {
    for (let again = 0; again < retellings; again += 1) {
      const answers = await tellCase(this.#real, told, await this.#namespace(told));
      if (differences(real[finding.step], answers[finding.step]).length > 0) return false;
    }
    return true;
  }

  async #namespace({ number, steps }: Case): Promise<string> {
    const isStored = steps.some(({ path }) => path.includes("$ns") && !path.includes("dryRun=All"));
    this.#namespaces += 1;
    const namespace = isStored ? `${this.#name}-${number}-${this.#namespaces}` : `${this.#name}-shared`;
    if (isStored || this.#namespaces === 1) await this.#make(namespace);
    return namespace;
  }

  async #make(namespace: string): Promise<void> {
    await Promise.all([this.#real, this.#ours].map(async (client) => makeNamespace(client, namespace)));
  }

  /** Without what comes after the difference, and with one edit in place of several where that is enough. */
  async #smaller(discovery: Discovery): Promise<Discovery> {
    const { told, finding } = discovery;
    const cut = { ...told, steps: told.steps.slice(0, finding.step + 1) };
    const last = cut.steps.at(-1);
    for (const edit of (last?.edits?.length ?? 0) > 1 ? (last?.edits ?? []) : []) {
      const single = { ...cut, steps: [...cut.steps.slice(0, -1), { ...last, edits: [edit] }] } as Case;
      const smaller = await this.#differs(single);
      if (smaller) return smaller;
    }
    return { ...discovery, told: cut };
  }
}
