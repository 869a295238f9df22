// What comes from a repository comes from anybody: each of these is a clear error, none a crash or a hang.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkFiles } from "../check-files.ts";
import { formatProblem, lineBreak } from "../format-problem.ts";
import { specFileBytesMax } from "../limits.ts";

const good = readFileSync(join(import.meta.dirname, "../../testdata/shop/orders-service/service.yaml"), "utf8");

function problemsOf(content: string | Uint8Array) {
  return checkFiles([{ path: "service.yaml", bytes: typeof content === "string" ? Buffer.from(content) : content }])
    .problems;
}

function firstProblem(content: string | Uint8Array) {
  const [first] = problemsOf(content);
  assert.ok(first, "no problem was found");
  return first;
}

describe("a hostile file", () => {
  test("of 50 MB is refused by its size, unread", () => {
    assert.equal(firstProblem(new Uint8Array(50 * 1024 * 1024)).code, "too-large");
  });

  test("in another encoding is refused by name", () => {
    assert.match(firstProblem(Buffer.from(`\uFEFF${good}`, "utf16le")).message, /UTF-16; save it as UTF-8/);
    assert.match(
      firstProblem(Buffer.from([...Buffer.from("apiVersion: "), 0xff, 0xfe, 0x41])).message,
      /not valid UTF-8/,
    );
  });

  test("with a byte order mark is read", () => {
    assert.deepEqual(
      problemsOf(`\uFEFF${good}`).filter((each) => each.code !== "unknown-reference" && each.code !== "unused"),
      [],
    );
  });

  test("nested too deeply is refused", () => {
    const deep = `spec: ${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    assert.equal(firstProblem(deep).code, "yaml");
    assert.equal(firstProblem(`spec: ${"{a: ".repeat(500)}1${"}".repeat(500)}`).code, "yaml");
  });

  test("whose aliases explode is refused", () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(", ")}]`,
    );
    assert.equal(firstProblem(["l0: &l0 [x, x]", ...levels].join("\n")).code, "yaml");
  });

  test("with a key twice is refused at the second one, and the rest of it is still read", () => {
    const twice = problemsOf(`${good}  language: pyhton\n`).filter(({ file }) => file === "service.yaml");
    assert.deepEqual(
      twice
        .filter(({ severity, code }) => severity === "error" && code !== "unknown-reference")
        .map(({ code }) => code),
      ["yaml", "wrong-value"],
    );
    const second = problemsOf("apiVersion: fairway.dev/v1\nkind: Service\nkind: Service\n").find(
      ({ code }) => code === "yaml",
    );
    assert.deepEqual([second?.line, second?.column], [3, 1]);
  });

  test("that is empty, a list, several documents or of another kind is refused", () => {
    assert.match(firstProblem("").message, /the file is empty/);
    assert.match(firstProblem("# only a comment\n").message, /the file is empty/);
    assert.match(firstProblem("- a\n").message, /a description is a map/);
    assert.ok(problemsOf(`${good}---\n${good}`).some((each) => each.message.includes("one description")));
    assert.ok(problemsOf("kind: Platform\n").some(({ message }) => message.includes("in a file named platform.yaml")));
    assert.match(firstProblem("kind: Deployment\n").message, /must be Platform or Service; found "Deployment"/);
  });

  test("may begin and end with the mark of a document", () => {
    const known = problemsOf(good).length;
    assert.equal(problemsOf(`---\n${good}---\n# nothing more\n`).length, known);
    assert.equal(problemsOf(`${good}...\n`).length, known);
  });

  test("with broken YAML is refused where it breaks", () => {
    const { code, line } = firstProblem("apiVersion: fairway.dev/v1\nkind: [Service\nmetadata: {}\n");
    assert.equal(code, "yaml");
    assert.ok(line >= 2 && line <= 4);
  });

  test("can't reach the prototype of an object", () => {
    const { services, problems } = checkFiles([
      {
        path: "service.yaml",
        bytes: Buffer.from(good.replace("env: { LOG_LEVEL: info }", "env: { __proto__: x, constructor: z }")),
      },
    ]);
    assert.equal(services.length, 1, JSON.stringify(problems));
    assert.ok(Object.hasOwn(services[0]?.spec.env ?? {}, "constructor"));
    assert.equal(Object.getPrototypeOf(services[0]?.spec.env), Object.prototype);
  });
});

/** A small generator with a known period, so that a failure can be repeated from its seed. */
function dice(seed: number) {
  let state = seed >>> 0;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const scraps = [
  "{",
  "}",
  "[",
  "]",
  ":",
  "- ",
  "&a ",
  "*a",
  "<<: *a",
  "!!binary ",
  "\t",
  "\0",
  "\u2028",
  "'",
  '"',
  "|",
  ">",
  "%",
  "---\n",
  "null",
  "~",
  "1e999",
  "-1",
  "true",
  "é",
  "\uD800",
  "  ",
  "\n",
  "#",
];

test("3,000 mutations of good files: no crash, and every problem at a place inside the file", (t) => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
  t.diagnostic(`seed ${seed}`);
  const roll = dice(seed);
  const folder = join(import.meta.dirname, "../../testdata/every-field");
  const all = ["service.yaml", "platform.yaml"].map((name) => readFileSync(join(folder, name), "utf8"));
  for (let run = 0; run < 3_000; run++) {
    let text = [good, ...all][run % 3] ?? good;
    for (let edits = roll(4) + 1; edits > 0; edits--) {
      const at = roll(text.length);
      const scrap = roll(3) === 0 ? "" : (scraps[roll(scraps.length)] ?? "");
      text = text.slice(0, at) + scrap + text.slice(at + roll(6));
    }
    const lines = text.split(lineBreak);
    for (const problem of problemsOf(text)) {
      const where = `run ${run} of seed ${seed}: ${JSON.stringify(problem)}`;
      assert.ok(problem.line >= 1 && problem.line <= lines.length + 1, where);
      assert.ok(problem.column >= 1 && problem.column <= (lines[problem.line - 1] ?? "").length + 2, where);
      assert.ok(problem.message.length > 0 && problem.message.length < 2_000, where);
      assert.ok(formatProblem(problem, text).includes("service.yaml:"), where);
    }
  }
});

test("a description may be as large as the limit says", () => {
  const padding = `# ${"x".repeat(specFileBytesMax - Buffer.byteLength(good) - 3)}\n`;
  assert.ok(!problemsOf(padding + good).some((each) => each.code === "too-large"));
  assert.equal(firstProblem(`${padding}##${good}`).code, "too-large");
});
