import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CatalogueEntry } from "./command/catalogue-entry.ts";
import { catalogue } from "./command/catalogue.ts";
import { defineCommand, type Command } from "./command/command.ts";
import { run } from "./run.ts";
import { Recorder } from "./terminal/recorder.ts";

const greet = defineCommand({
  summary: "Greet somebody",
  positionals: [{ name: "NAME", summary: "who to greet", required: true }],
  options: {
    loud: { type: "boolean", short: "l", summary: "In capitals" },
    times: { type: "integer", summary: "How often", min: 1, max: 9 },
    word: { type: "strings", short: "w", summary: "Words to put before the name" },
    mood: { type: "string", summary: "How to say it", choices: ["glad", "calm"] },
  },
  examples: [{ command: "fairway greet Ada", meaning: "Say hello" }],
  async run({ terminal }, { options, positionals }) {
    terminal.print({ options, positionals }, (style) => style.bold(`hello ${positionals[0]}`));
    return 0;
  },
});

const broken = defineCommand({ ...greet, positionals: [], run: () => Promise.reject(new TypeError("boom")) });

const entry = (path: CatalogueEntry["path"], command: Command): CatalogueEntry => ({
  path,
  group: "Test",
  summary: command.summary,
  load: async () => command,
});

async function fairway(words: string, options: { isTTY?: boolean; env?: Record<string, string>; real?: boolean } = {}) {
  const stdout = new Recorder(options);
  const stderr = new Recorder(options);
  const entries = [entry(["greet"], greet), entry(["say", "goodbye"], greet), entry(["broken"], broken)];
  const code = await run(words === "" ? [] : words.split(" "), {
    catalogue: options.real ? catalogue : entries,
    cwd: "/",
    env: options.env ?? {},
    signal: new AbortController().signal,
    stdout,
    stderr,
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe("options", () => {
  test("come typed to the command, with absent ones spelled out", async () => {
    const { stdout } = await fairway("greet Ada -l --times=3 -w dear --word sweet --mood calm --json");
    assert.deepEqual(JSON.parse(stdout), {
      options: { loud: true, times: 3, word: ["dear", "sweet"], mood: "calm" },
      positionals: ["Ada"],
    });
    assert.deepEqual(JSON.parse((await fairway("--json greet Ada")).stdout).options, { loud: false, word: [] });
  });

  for (const [words, message] of [
    ["greet Ada --lowd", /unknown option --lowd[^]*did you mean --loud\?/],
    ["greet Ada --times three", /--times needs a whole number from 1 to 9; found "three"/],
    ["greet Ada --times=10", /--times needs a whole number from 1 to 9; found "10"/],
    ["greet Ada --times --loud", /--times needs a value/],
    ["greet Ada --mood", /--mood needs a value/],
    ["greet Ada --mood gladd", /does not take "gladd"; allowed: glad, calm[^]*did you mean --mood glad\?/],
    ["greet Ada --loud=maybe", /--loud is a switch; found the value "maybe"/],
    ["greet", /NAME is missing: who to greet/],
    ["greet Ada Grace", /unexpected argument "Grace"[^]*fairway greet --help/],
    ["gre Ada", /unknown command "gre"[^]*did you mean fairway greet\?/],
    ["great Ada", /unknown command "great"[^]*did you mean fairway greet\?/],
    ["say godbye", /fairway say needs one of: goodbye/],
    ["constructor", /unknown command "constructor"/],
    ["greet Ada --constructor", /unknown option --constructor/],
  ] as const) {
    test(`${words}: is bad usage and says what was meant`, async () => {
      const { code, stdout, stderr } = await fairway(words);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, message);
    });
  }

  test("after -- everything is an argument", async () => {
    const { stdout } = await fairway("greet --json -- --loud");
    assert.deepEqual(JSON.parse(stdout).positionals, ["--loud"]);
  });
});

describe("output", () => {
  test("has colours on a terminal alone, and never with NO_COLOR, --no-color or --json", async () => {
    assert.match((await fairway("greet Ada", { isTTY: true })).stdout, /\u001B\[1mhello Ada/);
    assert.equal((await fairway("greet Ada")).stdout, "hello Ada\n");
    assert.equal((await fairway("greet Ada", { isTTY: true, env: { NO_COLOR: "1" } })).stdout, "hello Ada\n");
    assert.equal((await fairway("--no-color greet Ada", { isTTY: true })).stdout, "hello Ada\n");
    assert.doesNotMatch((await fairway("greet Ada --json", { isTTY: true })).stdout, /\u001B/);
  });

  test("errors are JSON too when JSON is asked for", async () => {
    const { stderr } = await fairway("greet --json");
    assert.equal(JSON.parse(stderr).error.code, "bad-usage");
  });

  test("a defect exits with 70 and shows where it happened", async () => {
    const { code, stderr } = await fairway("broken");
    assert.equal(code, 70);
    assert.match(stderr, /please report this[^]*TypeError: boom/);
  });
});

describe("help", () => {
  test("without a command shows the overview and is bad usage; --help is not", async () => {
    assert.equal((await fairway("")).code, 2);
    const { code, stdout } = await fairway("--help");
    assert.equal(code, 0);
    assert.match(stdout, /say goodbye +Greet somebody/);
  });

  test("of a command shows arguments, options and examples, whatever else is missing", async () => {
    const { code, stdout } = await fairway("greet --help");
    assert.equal(code, 0);
    assert.match(stdout, /fairway greet NAME \[OPTIONS\]/);
    assert.match(stdout, /-l, --loud +In capitals/);
    assert.match(stdout, /--mood VALUE +How to say it \(glad, calm\)/);
    assert.match(stdout, /# Say hello\n {2}fairway greet Ada/);
  });

  test("is found by the word help too, for a command and for a group of them", async () => {
    const { stdout } = await fairway("greet --help");
    assert.equal((await fairway("help greet")).stdout, stdout);
    for (const words of ["say --help", "say help", "help say"]) {
      const group = await fairway(words);
      assert.equal(group.code, 0);
      assert.match(group.stdout, /^Usage\n {2}fairway say COMMAND \[OPTIONS\]\n\nCommands\n {2}goodbye +Greet/u);
    }
  });

  test("every real command has a summary that the catalogue repeats, and examples that name it", async () => {
    for (const each of catalogue) {
      const command = await each.load();
      assert.equal(command.summary, each.summary);
      for (const example of command.examples)
        assert.match(example.command, new RegExp(`fairway ${each.path.join(" ")}`));
      const { code, stdout } = await fairway(`${each.path.join(" ")} --help`, { real: true });
      assert.equal(code, 0);
      assert.ok(command.examples.length > 0);
      assert.match(stdout, /--json[^]*\nExamples\n[^]*\nExit codes\n {2}0 +done\n/u, each.path.join(" "));
      const asJson = await fairway(`${each.path.join(" ")} --help --json`, { real: true });
      assert.equal(JSON.parse(asJson.stdout).summary, each.summary);
    }
  });

  test("the version is that of the package", async () => {
    assert.match((await fairway("--version")).stdout, /^fairway \d+\.\d+\.\d+\n$/);
    assert.match(JSON.parse((await fairway("--json --version")).stdout).version, /^\d+\.\d+\.\d+$/);
  });
});
