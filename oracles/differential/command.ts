import { parseArgs } from "node:util";
import { startCluster } from "@fairway/cluster";
import { ClusterClient } from "../diff/cluster-client.ts";
import { formatDifference, differences } from "../diff/difference.ts";
import { parseKubeconfig, readClusterAccess, type ClusterAccess } from "../diff/kubeconfig.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { readBases } from "./bases.ts";
import type { Case } from "./case.ts";
import { reduced, writeRecordedCases, type RecordedCase } from "./corpus.ts";
import { isMap, pathText, stepsOf } from "./edit.ts";
import { recordedLengthMax, recordedRetellings, shownCasesMax } from "./limits.ts";
import { makeCase, makers } from "./make-cases.ts";
import { Comparison, type Discovery } from "./run-cases.ts";
import { Shapes } from "./shapes.ts";
import { makeNamespace, tellCase } from "./tell-case.ts";

export const differentialHelp = `Questions that nobody wrote down, to the real API server and to ours.

  npm run oracle -- differential --real F --seed N --count N [--kinds create,update,...]

  --real F       the kubeconfig of a real API server (kubernetes up --api-only)
  --seed N       what the random choices begin with (default: 1)
  --count N      cases (default: 1000)
  --first N      the number of the first case (default: 0): one case again is --first N --count 1
  --kinds LIST   ${Object.keys(makers).join(", ")} (default: all)
  --only KIND    only objects of this kind, such as Deployment
  --types        wrong types and unknown fields as well
  --full         all of each difference
  --record       keeps the cases that both answer alike, with the answers, as test data

One line for each class of differences: exit code 1 when there is any.
`;

const options = {
  real: { type: "string" },
  seed: { type: "string", default: "1" },
  count: { type: "string", default: "1000" },
  first: { type: "string", default: "0" },
  kinds: { type: "string", default: Object.keys(makers).join(",") },
  only: { type: "string" },
  types: { type: "boolean", default: false },
  full: { type: "boolean", default: false },
  record: { type: "boolean", default: false },
} as const;

export async function differentialCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.real === undefined) throw new OracleError("usage", "--real is needed: see --help");
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  try {
    const servers = { real: readClusterAccess(values.real), ours: parseKubeconfig(cluster.kubeconfig) };
    const found = await findAll(servers, values);
    process.stdout.write(formatFindings(found, values.full));
    return found.length === 0 ? 0 : 1;
  } finally {
    await cluster.close();
  }
}

interface Wishes {
  readonly seed: string;
  readonly count: string;
  readonly first: string;
  readonly kinds: string;
  readonly types: boolean;
  readonly record: boolean;
  readonly only?: string | undefined;
}

async function findAll(
  servers: { readonly real: ClusterAccess; readonly ours: ClusterAccess },
  { seed, count, first, kinds, types, only, record }: Wishes,
): Promise<readonly Discovery[]> {
  const document = await readDocument(servers.ours);
  const bases = readBases(document, new Shapes(document)).filter(
    ({ title }) => only === undefined || only.split(",").includes(title),
  );
  const numbers = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
  const cases = numbers.map((number) => makeCase(Number(seed), number, kinds.split(","), { bases, withTypes: types }));
  const name = `fuzz-${seed}-${Date.now().toString(36)}`;
  const comparison = new Comparison({ ...servers, name });
  try {
    const found = await comparison.find(cases, (done) => {
      if (done % 1000 === 0) reportToTerminal(`${done} of ${count} cases`);
    });
    if (record) await recordCases(servers.real, cases, found);
    return found;
  } finally {
    comparison.close();
  }
}

/** Left out is what is too long to be kept, what others could have made before, and what the real server itself answers in two ways. */
async function recordCases(real: ClusterAccess, cases: readonly Case[], found: readonly Discovery[]): Promise<void> {
  const differing = new Set(found.map(({ told }) => told.number));
  const client = new ClusterClient(real);
  const recorded: RecordedCase[] = [];
  const tell = async (told: Case, turn: number): Promise<RecordedCase> => {
    const namespace = `fuzz-recorded-${told.number}-${turn}-${Date.now().toString(36)}`;
    await makeNamespace(client, namespace);
    return { told, answers: reduced(await tellCase(client, told, namespace)) };
  };
  for (const told of cases.filter((each) => !differing.has(each.number) && isAlone(each))) {
    const first = await tell(told, 0);
    const text = JSON.stringify(first);
    let isSame = text.length < recordedLengthMax;
    for (let turn = 1; isSame && turn <= recordedRetellings; turn += 1)
      isSame = JSON.stringify(await tell(told, turn)) === text;
    if (isSame) recorded.push(first);
  }
  client.close();
  writeRecordedCases(recorded);
  reportToTerminal(`recorded ${recorded.length} cases`);
}

function isAlone({ steps }: Case): boolean {
  return steps.every(({ path }) => path.includes("$ns") || path.includes("dryRun=All"));
}

async function readDocument(access: ClusterAccess): Promise<Record<string, unknown>> {
  const client = new ClusterClient(access);
  const { body } = await client.send({ method: "GET", path: "/openapi/v2", headers: [], body: "" });
  client.close();
  const document: unknown = JSON.parse(body);
  if (isMap(document)) return document;
  throw new OracleError("bad-state", "/openapi/v2 is no document");
}

/** One defect is one line, the most common first. */
function formatFindings(found: readonly Discovery[], isFull: boolean): string {
  const classes = new Map<string, Discovery[]>();
  for (const discovery of found)
    for (const name of discovery.finding.names) {
      const key = classOf(name, discovery);
      classes.set(key, [...(classes.get(key) ?? []), discovery]);
    }
  const lines = [...classes]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([name, members]) => [
      `${String(members.length).padStart(4)}  ${name}`,
      ...members.slice(0, shownCasesMax).map((each) => `        ${formatCase(each)}`),
      ...(isFull ? members.slice(0, 1).map(formatWhole) : []),
    ]);
  return `${[...lines.flat(), `${found.length} cases differ, in ${classes.size} ways`].join("\n")}\n`;
}

/** What is said of the metadata, of a pod or of a request is said of every kind. */
function classOf(name: string, { told: { subject, manner } }: Discovery): string {
  const inPod = name.replace(/ (?:spec\.)?(?:jobTemplate\.spec\.)?template\.spec\./u, " (pod).");
  const isOfAll = /^(?:missing |too much )?(?:metadata\.|body\.metadata|\(pod\)|4\d\d )/u.test(inPod);
  if (isOfAll) return inPod;
  return subject === "Pod" ? `Pod | ${inPod.replace(/ spec\./u, " (pod).")}` : `${subject} | ${manner} | ${inPod}`;
}

function formatCase({ told: { number, steps } }: Discovery): string {
  const last = steps.at(-1);
  const edits = (last?.edits ?? []).map((edit) => {
    const word = "set" in edit ? "=" : "remove" in edit ? "removed" : "twice";
    return `${pathText(stepsOf(edit))} ${word} ${"set" in edit ? JSON.stringify(edit.to) : ""}`.slice(0, 400);
  });
  const body = last?.edits || last?.body === undefined ? "" : JSON.stringify(last.body).slice(0, 300);
  return `#${number} ${last?.method} ${last?.path} ${edits.join("; ")}${body}`;
}

function formatWhole({ told, finding, real, ours }: Discovery): string {
  const shown = differences(real[finding.step], ours[finding.step]).slice(0, 8).map(formatDifference);
  return `${shown.join("\n")}\n    ${JSON.stringify(told.steps)}`;
}
