import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { decode } from "@fairway/yaml";

/** What the real API server answered, by file and title, without what varies from run to run. */
export interface RecordedAnswer {
  readonly step: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RecordedBody;
}

export interface RecordedBody {
  readonly [field: string]: unknown;
  readonly kind?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly unknown[] };
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly columnDefinitions?: readonly { readonly name: string }[];
  readonly rows?: readonly { readonly cells: readonly unknown[] }[];
}

export interface Attempt {
  readonly file: string;
  readonly title: string;
  /** `POST /api/v1/namespaces/$ns/pods?dryRun=All` */
  readonly path: string;
  readonly object: unknown;
  readonly answer: RecordedAnswer;
}

const folder = join(import.meta.dirname, "../../../../../oracles/diff");

/** Objects with one thing wrong each, and what the real server says of them. */
export function invalidAttempts(): Attempt[] {
  const shared = readYaml(join(folder, "invalid/shared/metadata.yaml")) as Changes;
  const files = readdirSync(join(folder, "invalid")).filter((name) => name.endsWith(".yaml"));
  return files.flatMap((name) => {
    const file = name.slice(0, -".yaml".length);
    const corpus = readYaml(join(folder, "invalid", name)) as { path: string; object: unknown; invalid: Changes };
    const recorded = recordedAnswers(`invalid/${file}`);
    const changes: Changes = { "the object itself": {}, ...shared, ...corpus.invalid };
    return Object.entries(changes).flatMap(([title, fields]) => {
      const answer = recorded[title]?.[0];
      if (!answer) return [];
      let object = corpus.object;
      for (const [field, value] of Object.entries(fields)) object = withField(object, stepsOf(field), value);
      return [{ file, title, path: corpus.path, object, answer }];
    });
  });
}

/** The requests that create something in a file of scenarios, with their answers. */
export function createAttempts(file: string): Attempt[] {
  const recorded = recordedAnswers(`scenarios/${file}`);
  const text = readFileSync(join(folder, `scenarios/${file}.scenario`), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .flatMap((part) => {
      const title = part.slice(0, part.indexOf("\n")).trim();
      const [, path = "", body = ""] =
        /^> POST (\S+)\n(?:> .*\n)*((?:(?![>@$]).*\n?)+)/m.exec(part.slice(part.indexOf("\n") + 1)) ?? [];
      const answers = recorded[title] ?? [];
      // The answers of a set-up aren't kept.
      const answer = answers.find(({ step }) => step === `POST ${path}`) ?? answers[0];
      return path && answer ? [{ file, title, path, object: decode(body), answer }] : [];
    });
}

export function recordedAnswers(file: string): Readonly<Record<string, readonly RecordedAnswer[]>> {
  return JSON.parse(readFileSync(join(folder, `recorded/${file}.json`), "utf8")) as Record<string, RecordedAnswer[]>;
}

type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function readYaml(path: string): unknown {
  return decode(readFileSync(path, "utf8"));
}

/** `spec.containers[0].image`; a dot inside a name is written `\.`. */
function stepsOf(field: string): readonly (string | number)[] {
  return (field.match(/\[\d+\]|(?:\\.|[^.[\\])+/g) ?? []).map((step) =>
    step.startsWith("[") ? Number(step.slice(1, -1)) : step.replaceAll(/\\(.)/g, "$1"),
  );
}

/** A copy with one field set, or removed by null. */
function withField(value: unknown, [step, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[step] = withField(list[step], rest, to);
    return list;
  }
  const map: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  if (rest.length === 0 && to === null) delete map[step];
  else map[step] = withField(map[step], rest, to);
  return map;
}
