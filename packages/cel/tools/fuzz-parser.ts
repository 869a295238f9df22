import { CelError, createEnvironment, DYN, INT, KUBERNETES_LIBRARIES, listOf, mapOf, STRING } from "../src/index.ts";

/**
 * Throws texts at the parser, the checker and the evaluator: pieces of expressions in any order, and expressions with something changed. All
 * that may come back is a value or a CelError. `node tools/fuzz-parser.ts [COUNT] [SEED]`
 */
const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);

const environment = createEnvironment({
  homogeneous: true,
  libraries: KUBERNETES_LIBRARIES,
  variables: { x: DYN, n: INT, s: STRING, l: listOf(INT), m: mapOf(STRING, INT) },
});

const PIECES = [
  ..."()[]{},.?:;+-*/%!<>=&|@#$`'\"\\\n\t ",
  ..."x n s l m has all exists map filter size matches true false null in 0 1 -1 1u 1.5 1e9 0x1F 'a' \"b\" r'c' b'd' '''e''' && || == != <= >= ?. [? optional.of cel.bind format quantity ip url // \u00e9 \u{1f600} __ as let while 99999999999999999999".split(
    " ",
  ),
];

const SEEDS = [
  "l.all(i, i > 0 && i < 10)",
  "has(x.a) ? x.a.b[0] == 'p' : m['k'] + n > 3",
  "s.matches('^h(e|l)+o$') || s.split(',').exists(p, p.startsWith('a'))",
  "{'a': [1, 2], 'b': [3]}.map(k, k + '!').join(', ').size() > 2",
  "cel.bind(y, l.map(i, i * 2), y.filter(i, i in l).size()) == 1",
  "quantity('1Gi').add(quantity('1Mi')).isGreaterThan(quantity('1Gi'))",
  "optional.of(n).orValue(3) + (m[?'zz'].hasValue() ? 1 : 2)",
  "timestamp('2026-01-01T00:00:00Z') + duration('1h') > timestamp('2026-01-01T00:30:00Z')",
  "'%s is %d'.format([s, n]) == \"hello is 7\"",
];

let state = seed >>> 0;

/** Xorshift: the same texts for the same seed. */
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

function piece(): string {
  return PIECES[random(PIECES.length)] ?? "";
}

function anyText(): string {
  if (random(3) === 0) return Array.from({ length: 1 + random(25) }, piece).join(random(2) === 0 ? "" : " ");
  let text = SEEDS[random(SEEDS.length)] ?? "";
  for (let change = 1 + random(4); change > 0; change -= 1) {
    const at = random(text.length + 1);
    const removed = random(3) === 0 ? random(6) : 0;
    text = text.slice(0, at) + (random(4) === 0 ? "" : piece()) + text.slice(at + removed);
  }
  return text;
}

const outcomes = { values: 0, refused: 0, failed: 0 };
const started = performance.now();
let slowest = { ms: 0, text: "" };
for (let index = 0; index < count; index += 1) {
  const text = anyText();
  const begun = performance.now();
  try {
    const program = environment.compile(text);
    const result = program.attempt({ x: null, n: 7n, s: "hello", l: [3n, 1n] }, { costMax: 10_000 });
    if ("error" in result) outcomes.failed += 1;
    else outcomes.values += 1;
  } catch (error) {
    if (!(error instanceof CelError)) {
      process.stderr.write(`${JSON.stringify(text)}\n`);
      throw error;
    }
    outcomes.refused += 1;
  }
  const ms = performance.now() - begun;
  if (ms > slowest.ms) slowest = { ms, text };
}
const seconds = (performance.now() - started) / 1_000;
process.stdout.write(`${JSON.stringify({ count, seed, seconds: Math.round(seconds), ...outcomes, slowest })}\n`);
