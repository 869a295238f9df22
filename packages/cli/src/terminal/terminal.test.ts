import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { progressReporter } from "./progress.ts";
import { Recorder } from "./recorder.ts";
import { colourStyle, plainStyle } from "./style.ts";
import { createTerminal } from "./terminal.ts";
import { table } from "./table.ts";

test("a table aligns columns by what is seen, not by the codes that colour it", () => {
  const rows = [
    [colourStyle.good("ok"), "node", "runs"],
    ["missing", "git", ""],
  ];
  assert.equal(table(rows).replaceAll(/\u001B\[\d+m/g, ""), "ok       node  runs\nmissing  git");
});

describe("progress", () => {
  test("of a short task says nothing", async () => {
    const stream = new Recorder({ isTTY: true });
    assert.equal(await progressReporter(stream, plainStyle, { redraws: true })("working", async () => 42), 42);
    assert.equal(stream.text, "");
  });

  test("of a long task shows what it does and how far it is, and leaves a terminal clean", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const stream = new Recorder({ isTTY: true });
    const finish = Promise.withResolvers<void>();
    const task = progressReporter(stream, plainStyle, { redraws: true })("rendering", async (progress) => {
      progress.update("12 of 92");
      await finish.promise;
    });
    t.mock.timers.tick(1_500);
    assert.match(stream.text, /rendering · 12 of 92/);
    finish.resolve();
    await task;
    assert.ok(stream.text.endsWith("\r\u001B[2K"));
  });

  test("in a log is a line now and then, without control codes", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const stream = new Recorder();
    const finish = Promise.withResolvers<void>();
    const task = progressReporter(stream, plainStyle, { redraws: false })("rendering", () => finish.promise);
    t.mock.timers.tick(1_000);
    t.mock.timers.tick(10_000);
    finish.resolve();
    await task;
    assert.match(stream.text, /^rendering · \d+ s\nrendering · \d+ s\n$/);
  });

  test("ends with the task that fails", async () => {
    const progress = progressReporter(new Recorder(), plainStyle, { redraws: false });
    await assert.rejects(
      progress("working", () => Promise.reject(new Error("no"))),
      /no/,
    );
  });
});

describe("a terminal", () => {
  const longTask = async (options: { readonly json?: boolean; readonly term?: string; readonly isTTY?: boolean }) => {
    const { json = false, term = "xterm", isTTY = true } = options;
    const stderr = new Recorder({ isTTY });
    const terminal = createTerminal({ stdout: new Recorder(), stderr, env: { TERM: term }, json, noColor: false });
    const finish = Promise.withResolvers<void>();
    const task = terminal.progress("rendering", () => finish.promise);
    return { stderr, end: async () => (finish.resolve(), task) };
  };

  test("that is dumb gets no control codes, and a log beside JSON no progress at all", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const dumb = await longTask({ term: "dumb" });
    const beside = await longTask({ json: true, isTTY: false });
    t.mock.timers.tick(1_500);
    await Promise.all([dumb.end(), beside.end()]);
    assert.match(dumb.stderr.text, /^rendering · \d+ s\n$/);
    assert.equal(beside.stderr.text, "");
  });

  test("is warned in a line, which is JSON where JSON is asked for", () => {
    for (const [json, said] of [
      [false, "warning: old\n"],
      [true, `{"warning":{"message":"old"}}\n`],
    ] as const) {
      const stderr = new Recorder();
      createTerminal({ stdout: new Recorder(), stderr, env: {}, json, noColor: false }).warn("old");
      assert.equal(stderr.text, said);
    }
  });
});
