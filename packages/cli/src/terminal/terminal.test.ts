import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { progressReporter } from "./progress.ts";
import { Recorder } from "./recorder.ts";
import { colourStyle, plainStyle } from "./style.ts";
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
    assert.equal(await progressReporter(stream, plainStyle)("working", async () => 42), 42);
    assert.equal(stream.text, "");
  });

  test("of a long task shows what it does and how far it is, and leaves a terminal clean", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const stream = new Recorder({ isTTY: true });
    const finish = Promise.withResolvers<void>();
    const task = progressReporter(stream, plainStyle)("rendering", async (progress) => {
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
    const task = progressReporter(stream, plainStyle)("rendering", () => finish.promise);
    t.mock.timers.tick(1_000);
    t.mock.timers.tick(10_000);
    finish.resolve();
    await task;
    assert.match(stream.text, /^rendering · \d+ s\nrendering · \d+ s\n$/);
  });

  test("ends with the task that fails", async () => {
    const progress = progressReporter(new Recorder(), plainStyle);
    await assert.rejects(
      progress("working", () => Promise.reject(new Error("no"))),
      /no/,
    );
  });
});
