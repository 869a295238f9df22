import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { chooseAddresses, quote } from "./node-namespace.ts";
import { mountsUnder } from "./tear-down.ts";

test("takes the first pair of addresses that no interface has", () => {
  assert.deepEqual(chooseAddresses([]), { host: "198.18.0.1", node: "198.18.0.2" });
  assert.deepEqual(chooseAddresses(["198.18.0.1", "127.0.0.1"]), { host: "198.18.1.1", node: "198.18.1.2" });
});

test("says so when all pairs are taken", () => {
  const all = Array.from({ length: 256 }, (_, third) => `198.18.${third}.1`);
  assert.throws(() => chooseAddresses(all), { code: "bad-state" });
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
