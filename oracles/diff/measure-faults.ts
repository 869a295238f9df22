// Which faults of a wrong API server does the suite notice, and which scenarios notice nothing at all?
import type { Answer } from "./answer.ts";
import { ClusterClient } from "./cluster-client.ts";
import { faults } from "./data/faults.ts";
import { differences } from "./difference.ts";
import type { Fault, Random, WireMessage } from "./fault.ts";
import { readClusterAccess } from "./kubeconfig.ts";
import { faultPatienceMs, faultsPerScenario, parallelScenarios } from "./limits.ts";
import { readRecording } from "./recording.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario, Step } from "./scenario.ts";
import { startWrongProxy } from "./wrong-proxy.ts";
import type { MessageKind, WrongProxy } from "./wrong-proxy.ts";

export interface FaultCount {
  readonly fault: string;
  made: number;
  noticed: number;
}

export interface Measurement {
  readonly counts: readonly FaultCount[];
  /** Answers that were wrong, and those of them after which a scenario differed. */
  readonly made: number;
  readonly noticed: number;
  /** Faults that were made unnoticed: which, in which scenario. */
  readonly missed: readonly string[];
  /** Scenarios that noticed none of the faults in their answers. */
  readonly blind: readonly string[];
  /** Scenarios that differ without any fault, and say nothing therefore. */
  readonly different: readonly string[];
  readonly seed: number;
}

interface Try {
  readonly fault: Fault;
  readonly kind: MessageKind;
  /** Which of the compared answers, or of the events, is changed. */
  readonly index: number;
}

interface Subject {
  readonly scenario: Scenario;
  readonly expected: readonly Answer[] | undefined;
  /** undefined: it differs without any fault. */
  readonly possible: readonly Try[] | undefined;
}

/** Each scenario once as it is, and then again and again, each time with another fault in one of its compared answers. */
export async function measureFaults(
  scenarios: readonly Scenario[],
  kubeconfig: string,
  seed: number,
): Promise<Measurement> {
  const subjects: Subject[] = [];
  await withTellers(scenarios, kubeconfig, async (teller, scenario) => {
    const expected = readRecording(scenario.file)[scenario.title];
    const { answers, messages } = await teller.tell(scenario, undefined);
    const isSame = answers !== undefined && !differ(expected, answers);
    subjects.push({ scenario, expected, possible: isSame ? possibleTries(messages) : undefined });
  });
  const places = Map.groupBy(
    subjects.flatMap(({ possible = [] }) => [...new Set(possible.map(({ fault }) => fault.name))]),
    (name) => name,
  );
  const tally: Tally = {
    counts: new Map(faults.map(({ name }) => [name, { fault: name, made: 0, noticed: 0 }])),
    placesOf: (fault) => places.get(fault.name)?.length ?? 0,
    missed: [],
    seed,
  };
  const blind: string[] = [];
  const usable = subjects.filter(({ possible }) => possible !== undefined);
  await withTellers(usable, kubeconfig, async (teller, subject) => {
    const noticed = await trySubject(teller, subject, tally);
    if (noticed === 0) blind.push(nameOf(subject));
  });
  const counts = [...tally.counts.values()];
  const sum = (key: "made" | "noticed"): number => counts.reduce((total, count) => total + count[key], 0);
  const different = subjects.filter(({ possible }) => possible === undefined).map(nameOf);
  return { counts, made: sum("made"), noticed: sum("noticed"), missed: tally.missed, blind, different, seed };
}

async function withTellers<Item>(
  items: readonly Item[],
  kubeconfig: string,
  work: (teller: ProxiedTeller, item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    const proxy = await startWrongProxy(readClusterAccess(kubeconfig));
    const teller = new ProxiedTeller(proxy);
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(teller, item);
    teller.close();
    await proxy.close();
  };
  await Promise.all(Array.from({ length: parallelScenarios }, worker));
}

interface Tally {
  readonly counts: ReadonlyMap<string, FaultCount>;
  /** In how many scenarios a fault can be made. */
  readonly placesOf: (fault: Fault) => number;
  readonly missed: string[];
  readonly seed: number;
}

function nameOf({ scenario }: Subject): string {
  return `${scenario.file}: ${scenario.title}`;
}

async function trySubject(teller: ProxiedTeller, subject: Subject, tally: Tally): Promise<number> {
  const { scenario, expected } = subject;
  const random = randomFrom(`${tally.seed} ${nameOf(subject)}`);
  let noticed = 0;
  for (const each of choose(subject.possible ?? [], tally, random)) {
    const { answers, wasWrong } = await teller.tell(scenario, { ...each, random });
    const count = tally.counts.get(each.fault.name);
    if (!wasWrong || count === undefined) continue;
    count.made += 1;
    if (answers === undefined || differ(expected, answers)) {
      count.noticed += 1;
      noticed += 1;
    } else tally.missed.push(`${each.fault.name}, ${each.kind} ${each.index + 1}: ${nameOf(subject)}`);
  }
  return noticed;
}

function possibleTries(messages: readonly Heard[]): readonly Try[] {
  return messages.flatMap(({ message, kind, index }) =>
    faults.filter((fault) => fault.apply(message, () => 0.5) !== undefined).map((fault) => ({ fault, kind, index })),
  );
}

/** The faults that were made least often until now, the rarest first. */
function choose(possible: readonly Try[], tally: Tally, random: Random): readonly Try[] {
  const weight = ({ fault }: Try): number => tally.counts.get(fault.name)?.made ?? 0;
  const sorted = possible
    .map((each) => ({ each, weight: weight(each), order: random() }))
    .toSorted(
      (left, right) =>
        left.weight - right.weight ||
        tally.placesOf(left.each.fault) - tally.placesOf(right.each.fault) ||
        left.order - right.order,
    );
  const seen = new Set<string>();
  return sorted
    .map(({ each }) => each)
    .filter(({ fault }) => !seen.has(fault.name) && seen.add(fault.name))
    .slice(0, faultsPerScenario);
}

function differ(expected: readonly Answer[] | undefined, answers: readonly Answer[]): boolean {
  return differences(JSON.parse(JSON.stringify(expected ?? null)), JSON.parse(JSON.stringify(answers))).length > 0;
}

interface Heard {
  readonly message: WireMessage;
  readonly kind: MessageKind;
  readonly index: number;
}

interface Told {
  /** undefined: the wrong answer made the scenario break off, which nobody overlooks. */
  readonly answers: readonly Answer[] | undefined;
  /** What of the server's answers is compared. */
  readonly messages: readonly Heard[];
  readonly wasWrong: boolean;
}

/** Tells scenarios through a proxy that is wrong in one compared answer only: not in what prepares and cleans up. */
class ProxiedTeller {
  readonly #proxy: WrongProxy;
  readonly #client: ClusterClient;

  constructor(proxy: WrongProxy) {
    this.#proxy = proxy;
    this.#client = new ClusterClient(proxy.access);
  }

  close(): void {
    this.#client.close();
  }

  async tell(scenario: Scenario, wrong: (Try & { readonly random: Random }) | undefined): Promise<Told> {
    const messages: Heard[] = [];
    const counts = { answer: 0, event: 0 };
    const eventsMax = scenario.steps.reduce((sum, step) => sum + (step.kind === "events" ? step.count : 0), 0);
    let isCompared = false;
    let wasWrong = false;
    this.#proxy.change = (message, kind) => {
      if (kind === "answer" ? !isCompared : counts.event >= eventsMax) return message;
      const index = counts[kind]++;
      messages.push({ message, kind, index });
      if (wrong?.kind !== kind || wrong.index !== index) return message;
      const changed = wrong.fault.apply(message, wrong.random);
      wasWrong ||= changed !== undefined;
      return changed ?? message;
    };
    const answers = await this.#answers(scenario, (step) => {
      isCompared = step?.kind === "request" && !step.isSetup && step.until === undefined && step.watch === undefined;
    });
    return { answers, messages, wasWrong };
  }

  async #answers(scenario: Scenario, onStep: (step: Step | undefined) => void): Promise<readonly Answer[] | undefined> {
    try {
      const place = { access: this.#proxy.access, client: this.#client };
      return await runScenario(scenario, { ...place, patienceMs: faultPatienceMs, onStep });
    } catch (error) {
      if (error instanceof Error) return undefined;
      throw error;
    } finally {
      onStep(undefined);
    }
  }
}

/** Mulberry32 over a hash of the text: the same text gives the same faults. */
export function randomFrom(text: string): Random {
  let state = 2_166_136_261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shareNoticed({ made, noticed }: Measurement): number {
  return made === 0 ? 0 : noticed / made;
}

export function formatMeasurement(measured: Measurement): string {
  const lines = measured.different.map((each) => `differs  ${each}: without any fault`);
  lines.push(...measured.missed.map((each) => `missed   ${each}`));
  lines.push(...measured.blind.map((each) => `blind    ${each}: none of its faults was noticed`));
  const never = measured.counts.filter(({ made }) => made === 0);
  lines.push(...never.map(({ fault }) => `unused   ${fault}: no answer has anything that it could change`));
  const percent = (shareNoticed(measured) * 100).toFixed(1);
  const kinds = measured.counts.filter(({ noticed }) => noticed > 0).length;
  const total = `${measured.noticed} of ${measured.made} wrong answers were noticed (${percent} %)`;
  return `${[...lines, `${total}, of ${kinds} kinds out of ${measured.counts.length}; seed ${measured.seed}`].join("\n")}\n`;
}
