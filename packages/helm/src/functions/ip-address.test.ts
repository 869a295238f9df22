import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIpAddress } from "./ip-address.ts";

function hex(text: string): string | undefined {
  const bytes = parseIpAddress(text);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("hex");
}

test("reads addresses of both kinds", () => {
  assert.equal(hex("10.0.0.255"), "0a0000ff");
  assert.equal(hex("::"), "0".repeat(32));
  assert.equal(hex("fd00::1"), `fd00${"0".repeat(24)}0001`);
  assert.equal(hex("1:2:3:4:5:6:7:8"), "00010002000300040005000600070008");
  assert.equal(hex("::ffff:1.2.3.4"), "00000000000000000000ffff01020304");
  assert.equal(hex("1::"), `0001${"0".repeat(28)}`);
});

test("refuses what is no address", () => {
  const wrong = [
    "",
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4.5",
    "a.b.c.d",
    ":",
    ":::",
    "1::2::3",
    "1:2:3",
    "12345::",
  ];
  const more = ["1:2:3:4:5:6:7::8:9", "fe80::1%eth0", "::1.2.3", "g::", "1:2:3:4:5:6:7:8:9", "::ffff:1.2.3.4:5"];
  for (const text of [...wrong, ...more]) assert.equal(hex(text), undefined, text);
});
