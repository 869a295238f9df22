import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { quote } from "./node-namespace.ts";
import { chooseNetwork, planNodes } from "./node-plan.ts";
import { mountsUnder } from "./tear-down.ts";

test("takes the first network that no interface is in, and says so when all are taken", () => {
  assert.equal(chooseNetwork([]), 0);
  assert.equal(chooseNetwork(["198.18.0.1", "127.0.0.1"]), 1);
  const all = Array.from({ length: 256 }, (_, third) => `198.18.${third}.1`);
  assert.throws(() => chooseNetwork(all), { code: "bad-state" });
});

test("gives each node a cable and a range of pod addresses of its own", () => {
  assert.deepEqual(planNodes(7, 2), [
    { name: "node-1", address: "198.18.7.2", gateway: "198.18.7.1", podRange: "10.244.0.0/20" },
    { name: "node-2", address: "198.18.7.6", gateway: "198.18.7.5", podRange: "10.244.16.0/20" },
  ]);
});

test("quotes words so that a shell gives them back unchanged", () => {
  const words = ["plain-1=/a:b", "two words", "it's", "$HOME", "a\\b", '"', "", "*", "a\nb"];
  const script = `for word in "$@"; do :; done; printf '%s\\0' ${words.map(quote).join(" ")}`;
  const echoed = execFileSync("sh", ["-c", script], { encoding: "utf8" });
  assert.deepEqual(echoed.split("\0").slice(0, -1), words);
});

test("finds the mounts in a folder, with blanks in their names, and none beside it", () => {
  const mountinfo = [
    "22 1 0:20 / /c/one rw - tmpfs tmpfs rw",
    String.raw`23 1 0:21 / /c/with\040blank rw - tmpfs tmpfs rw`,
    "24 1 0:22 / /cc/other rw - tmpfs tmpfs rw",
    "25 1 0:23 / /c rw - tmpfs tmpfs rw",
    "",
  ].join("\n");
  assert.deepEqual(mountsUnder("/c", mountinfo), ["/c/one", "/c/with blank"]);
});
