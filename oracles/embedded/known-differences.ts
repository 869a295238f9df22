import { OracleError } from "../machine/oracle-error.ts";

/** Scenarios that the embedded cluster answers in another way than the real one, for one reason. */
export interface KnownDifference {
  readonly reason: string;
  /** `scenarios/patch: a merge patch ...` */
  readonly scenarios: readonly string[];
}

const head = `# What the embedded cluster answers in another way than the real Kubernetes: a reason, and the scenarios below it.
# "npm run oracle -- compatibility" takes out what is equal now, and puts what differs anew under the last reason.
`;

/** Under which the command puts what nobody has given a reason yet. */
export const unexplained = "Not looked into yet.";

/** `== reason`, and a line for each scenario below it. */
export function parseKnownDifferences(text: string, file: string): readonly KnownDifference[] {
  const known: { readonly reason: string; readonly scenarios: string[] }[] = [];
  const seen = new Set<string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const place = `${file}:${index + 1}`;
    if (line.startsWith("== ")) known.push({ reason: line.slice(3), scenarios: [] });
    else {
      const last = known.at(-1);
      if (last === undefined) throw new OracleError("bad-input", `${place}: a scenario stands before every reason`);
      if (seen.has(line)) throw new OracleError("bad-input", `${place}: the scenario is listed twice`);
      seen.add(line);
      last.scenarios.push(line);
    }
  }
  return known;
}

export function formatKnownDifferences(known: readonly KnownDifference[]): string {
  const groups = known.filter(({ scenarios }) => scenarios.length > 0);
  return [head, ...groups.map(({ reason, scenarios }) => `== ${reason}\n${scenarios.join("\n")}\n`)].join("\n");
}

export interface Surprises {
  /** They differ, and nothing says so. */
  readonly unlisted: readonly string[];
  /** They are said to differ, and don't. */
  readonly equalNow: readonly string[];
}

/** What the list says otherwise than a run; what was skipped says nothing. */
export function surprisesOf(
  known: readonly KnownDifference[],
  run: { readonly same: readonly string[]; readonly different: readonly string[] },
): Surprises {
  const listed = new Set(known.flatMap(({ scenarios }) => scenarios));
  return {
    unlisted: run.different.filter((name) => !listed.has(name)),
    equalNow: run.same.filter((name) => listed.has(name)),
  };
}

/** The list after a run. Names that the corpus has no more are dropped. */
export function correctedBy(
  known: readonly KnownDifference[],
  { unlisted, equalNow }: Surprises,
  corpus: ReadonlySet<string>,
): readonly KnownDifference[] {
  const gone = new Set(equalNow);
  const kept = known.map(({ reason, scenarios }) => ({
    reason,
    scenarios: scenarios.filter((name) => corpus.has(name) && !gone.has(name)),
  }));
  const before = kept.find(({ reason }) => reason === unexplained)?.scenarios ?? [];
  const others = kept.filter(({ reason }) => reason !== unexplained);
  return [...others, { reason: unexplained, scenarios: [...before, ...unlisted].toSorted() }];
}
