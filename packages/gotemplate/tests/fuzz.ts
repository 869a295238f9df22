// Random templates and formats, ours against Go's: node packages/gotemplate/tests/fuzz.ts [COUNT] [SEED]
import { askOracle, buildOracle } from "./go-oracle.ts";
import { answersOf } from "./oracle-answers.ts";
import { type Answer, type CaseGroup, templateGroups } from "./oracle-cases.ts";

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
let state = seed;

/** Below that; xorshift, so that a seed gives the same cases everywhere. */
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function pick<T>(items: readonly T[]): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const fields = (
  ".I .Z .NEG .I8 .I64 .U8 .U64 .F .FZ .FB .F32 .S .UNI .E .T .N .NIL .missing .SI .SS .L .LE .LM .MSI .MSS .M .ME .NM .NL .NSS " +
  ".P .PP .LB .BR .SEC .V .VS .B .M.a .M.a.b .M.a.b.c .M.a.n .M.a.n.x .M.s.x .P.Name .P.Any .P.Nope .P.Plain .V.k .MSS.x .MSI.no .NP . $ $.S $x $y"
).split(" ");
const literals = [
  "1",
  "-3",
  "1.5",
  "0",
  "1e3",
  "0x1f",
  "'a'",
  '"s"',
  '""',
  '"%v|%d"',
  "`r`",
  "true",
  "false",
  "nil",
  "1_0",
];
const functionNames = (
  "print printf println len index slice eq ne lt le gt ge and or not html js urlquery call upper join add sum half same nothing " +
  "yes keysof count list dict small wide fail first typeof person names include"
).split(" ");

function operand(depth: number): string {
  const kind = below(10);
  if (kind < 5) return pick(fields);
  if (kind < 8 || depth <= 0) return pick(literals);
  const inner = `(${pipeline(depth - 1)})`;
  return kind === 8 ? inner : `${inner}${pick([".a", ".x", ".Name", ".b.c"])}`;
}

function command(depth: number): string {
  const args = Array.from({ length: below(4) }, () => operand(depth));
  if (below(3) === 0) return [operand(depth), ...(below(8) === 0 ? args : [])].join(" ");
  return [pick(functionNames), ...args].join(" ");
}

function pipeline(depth: number): string {
  const commands = Array.from({ length: 1 + (below(3) === 0 ? below(3) : 0) }, () => command(depth));
  return commands.join(pick([" | ", "|"]));
}

function action(body: string): string {
  return `${pick(["{{", "{{", "{{- "])}${body}${pick(["}}", "}}", " -}}"])}`;
}

function block(depth: number): string {
  const p = pipeline(1);
  const body = template(depth - 1);
  const otherwise = below(2) === 0 ? action("else") + template(depth - 1) : "";
  switch (below(6)) {
    case 0:
      return action(`if ${p}`) + body + otherwise + action("end");
    case 1:
      return action(`with ${pick(["", "$x := ", "$y := "])}${p}`) + body + otherwise + action("end");
    case 2:
      return (
        action(`range ${pick(["", "$x := ", "$i, $x := ", "$x = ", "$y, $x = "])}${p}`) +
        body +
        otherwise +
        action("end")
      );
    case 3:
      return action(`if ${p}`) + body + action(`else if ${pipeline(1)}`) + template(depth - 1) + action("end");
    case 4:
      return `{{define "d"}}${body}{{end}}{{template "d" ${pick(fields)}}}`;
    default:
      return action(`${pick(["$x :=", "$x =", "$y :="])} ${p}`) + body;
  }
}

function template(depth: number): string {
  return Array.from({ length: 1 + below(3) }, () => {
    const kind = below(6);
    if (kind === 0) return pick(["text", " ", "\n", " a\n b ", "世"]);
    if (kind < 4 || depth <= 0) return action(pipeline(2));
    return block(depth);
  }).join("");
}

const alphabet = [
  ..."{}()|.$\"'`-+:=,!@ \n\tax1é世\\/*_0",
  "{{",
  "}}",
  "{{-",
  "-}}",
  "end",
  "else",
  "nil",
  "range ",
  ":=",
];

/** A known case with a few characters changed. */
function mutant(cases: readonly string[]): string {
  const chars = [...pick(cases)];
  for (let edits = 1 + below(3); edits > 0; edits--) {
    const at = below(chars.length + 1);
    if (below(3) === 0) chars.splice(at, 1 + below(3));
    else chars.splice(at, below(2), pick(alphabet));
  }
  return chars.join("");
}

function formatArgument(): unknown {
  return pick<() => unknown>([
    () => ({ $: "int", v: String(below(2000) - 1000) }),
    () => ({ $: pick(["int64", "uint64"]), v: String(below(1 << 30)) }),
    () => ({ $: "uint8", v: String(below(256)) }),
    () => (below(1 << 30) - (1 << 29)) / 2 ** below(40),
    () => below(1 << 30) * 10 ** (below(60) - 30),
    () => ({ $: "float32", v: String(Math.fround(below(1 << 24) / 2 ** below(30))) }),
    () => pick(["", "abc", "héé世", 'a\nb"`', "%d", "\u0000\u007f", "😀x"]),
    () => below(2) === 0,
    () => null,
    () => [1, "a", null, [true]],
    () => ({ k: 1, z: { $: "int", v: "3" }, a: [{}] }),
    () => ({ $: "bytes", v: "YWL/" }),
    () => ({ $: "raw", v: "YWL/Yw==" }),
    () => ({ $: "Labeled", v: "L" }),
    () => ({ $: "Seconds", v: "7" }),
    () => ({ $: "[]string", v: ["p", "q r"] }),
  ])();
}

function formatText(): string {
  return Array.from({ length: 1 + below(3) }, () => {
    const flags = Array.from({ length: below(3) }, () => pick([..."+-# 0"])).join("");
    const width = pick(["", "", "", "5", "12", "*", "[1]*", "[2]"]);
    const precision = pick(["", "", "", ".", ".2", ".7", ".20", ".*", ".[1]*"]);
    return `${pick(["", "a", "世", "%%"])}%${flags}${width}${precision}${pick([..."vvvvddssqqxXobOcUeEfFgGtTw%z!"])}`;
  }).join("");
}

function differences(group: CaseGroup, theirs: readonly Answer[]): string[] {
  const questions = group.templates ?? group.formats ?? [];
  return answersOf(group).flatMap((ours, index) => {
    const same = JSON.stringify(ours) === JSON.stringify(theirs[index]);
    const question = JSON.stringify(questions[index]);
    return same ? [] : [`${question}\n  Go:   ${JSON.stringify(theirs[index])}\n  ours: ${JSON.stringify(ours)}`];
  });
}

const program = buildOracle();
const known = [...templateGroups("execute.txt"), ...templateGroups("parse.txt")].flatMap((g) => g.templates ?? []);
// Functions and pointers print as addresses, and ranging over a huge number never ends: the templates do without them.
const data = Object.fromEntries(
  Object.entries(templateGroups("execute.txt")[0]?.data ?? {}).filter(
    ([, value]) => !/"(?:func|raw|int64|uint64|\*\w+)"/u.test(JSON.stringify(value)),
  ),
);
const randomTemplates = (): string[] => Array.from({ length: count }, () => `{{$x := .S}}{{$y := .I}}${template(2)}`);
const groups: CaseGroup[] = [
  { data, templates: randomTemplates() },
  { data, missingkey: "zero", templates: randomTemplates() },
  { data, missingkey: "error", templates: randomTemplates() },
  { data, templates: Array.from({ length: count }, () => mutant(known)) },
  { formats: Array.from({ length: count }, () => [formatText(), ...Array.from({ length: below(4) }, formatArgument)]) },
];
// Addresses and complex numbers differ by design; so does `slice` with an index straight from a map, see README.
const byDesign = /0x[0-9a-f]{6,}|complex|\di\)|slice\/array with type interface|oracle allows/u;
const answers = askOracle(program, groups);
let total = 0;
for (const [index, group] of groups.entries()) {
  const wrong = differences(group, answers[index] ?? []).filter((text) => !byDesign.test(text));
  total += wrong.length;
  process.stdout.write(
    `${["templates", "missingkey=zero", "missingkey=error", "mutants", "formats"][index]}: ${count} cases, ${wrong.length} differ\n`,
  );
  for (const text of wrong.slice(0, 12)) process.stdout.write(`${text}\n`);
}
process.exitCode = total === 0 ? 0 : 1;
