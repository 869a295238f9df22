import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bcryptHash } from "./crypto/bcrypt.ts";
import { helmFunctionTable } from "./index.ts";
import { renderWith } from "./tests/render.ts";
import { seededEnvironment } from "./tests/seeded-environment.ts";

const functions = helmFunctionTable(seededEnvironment("environment", Date.UTC(2024, 1, 29, 12, 30, 15, 250)));

function render(template: string): string {
  return renderWith(functions, template);
}

test("has every function of Helm but those of its engine", () => {
  const names = JSON.parse(readFileSync(new URL("testdata/names.json", import.meta.url), "utf8")) as string[];
  const ofEngine = new Set(["fail", "getHostByName", "include", "lookup", "required", "tpl"]);
  assert.deepEqual(
    functions.names().sort(),
    names.filter((name) => !ofEngine.has(name)),
  );
});

test("tells the time of the environment", () => {
  assert.equal(render(`{{ now }}`), "2024-02-29 12:30:15.25 +0000 UTC");
  assert.equal(
    render(`{{ now | date "2006-01-02" }} {{ htmlDate now }} {{ unixEpoch now }}`),
    "2024-02-29 2024-02-29 1709209815",
  );
  assert.equal(render(`{{ dateInZone "15:04 MST" now "Asia/Tokyo" }}`), "21:30 JST");
  assert.equal(render(`{{ date "2006" "no date" }} {{ htmlDate nil }}`), "2024 2024-02-29");
  assert.equal(
    render(`{{ ago 1709209700 }} {{ ago (toDate "2006-01-02" "2024-02-28") }} {{ ago nil }}`),
    "1m55s 36h30m15s 0s",
  );
  assert.equal(render(`{{ durationRound (toDate "2006-01-02" "2020-01-01") }}`), "4y");
  assert.equal(
    render(`{{ (now.AddDate 0 0 1).Format "Jan 2" }} {{ dateModify "-24h" now | htmlDate }}`),
    "Mar 1 2024-02-28",
  );
});

test("hashes with bcrypt as everybody else", () => {
  const salt = Uint8Array.from({ length: 16 }, (_, index) => index);
  // These were checked with golang.org/x/crypto/bcrypt.
  const known = [
    ["", "$2a$04$..CA.uOD/eaGAOmJB.yMBuq1wbVgYezarXi1FgOYk1qMNtxVndjJm"],
    ["a", "$2a$04$..CA.uOD/eaGAOmJB.yMBunBitU1jIt2E6xX6kPhDtSnJIjNzugbS"],
    ["password", "$2a$04$..CA.uOD/eaGAOmJB.yMBubqEtzdkvfegxfotQ8UAMQWLlq7JbHJW"],
    ["日本", "$2a$04$..CA.uOD/eaGAOmJB.yMBuImAjfO2OaaC7LxvdVgguepJY6KETixC"],
    ["x".repeat(72), "$2a$04$..CA.uOD/eaGAOmJB.yMBu24DYAHplShSVc53t1oiXS/HC99GyeTi"],
  ] as const;
  for (const [password, hash] of known) assert.equal(bcryptHash(Buffer.from(password), salt, 4), hash);
});

test("refuses what would never end or fill the memory", () => {
  assert.throws(() => render(`{{ until 2000000 }}`), /more than 1000000 numbers/u);
  assert.throws(() => render(`{{ seq 1 0 5 | len }}{{ untilStep 0 9000000 1 }}`), /more than 1000000 numbers/u);
  assert.throws(() => render(`{{ repeat 1000000000 "abc" }}`), /more than 67108864 characters/u);
  assert.throws(() => render(`{{ indent 100000000 "a" }}`), /more than 67108864 characters/u);
  assert.throws(() => render(`{{ randAlpha 100000000 }}`), /at most 1048576 random characters/u);
  assert.throws(() => render(`{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ deepCopy $d }}`), /nested too deeply/u);
  assert.throws(() => render(`{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ mustToJson $d }}`), /encountered a cycle/u);
  assert.equal(render(`{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ toJson $d }}{{ toYaml $d }}`), "");
});

test("finds in linear time what makes other engines run for ages", () => {
  assert.equal(render(`{{ regexMatch "^(a+)+$" (printf "%s!" (repeat 20000 "a")) }}`), "false");
  assert.equal(render(`{{ regexMatch "(x+x+)+y" (repeat 5000 "x") }}`), "false");
  assert.equal(render(`{{ regexMatch "(a|a|b)*c" (repeat 20000 "ab") }}`), "false");
});
