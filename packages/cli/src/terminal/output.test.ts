import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { safeOutput } from "./output.ts";

class Broken extends EventEmitter {
  tried = 0;
  write(): void {
    this.tried++;
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  }
}

test("an output that fails is told of once, and nothing is thrown or written after that", () => {
  const stream = new Broken();
  const failures: (string | undefined)[] = [];
  const output = safeOutput(stream, { onFailure: ({ code }) => failures.push(code) });
  output.write("a");
  output.write("b");
  stream.emit("error", Object.assign(new Error("closed"), { code: "EPIPE" }));
  assert.deepEqual([failures, stream.tried], [["ENOSPC"], 1]);
});
