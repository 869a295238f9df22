import assert from "node:assert/strict";
import test from "node:test";
import { positive } from "./command.ts";
import { chooseNames, selectionFlags } from "./selection.ts";

const names = ["[sig-network] DNS should (work) [Conformance]", "[sig-apps] Job should finish [Conformance]"];

test("asks for all conformance specs, of one group when told", () => {
  assert.deepEqual(selectionFlags({}), ["--label-filter=Conformance"]);
  assert.deepEqual(selectionFlags({ sig: "network" }), ["--label-filter=Conformance && sig-network"]);
  assert.deepEqual(selectionFlags({ sig: "sig-network", focus: "DNS" }), [
    "--label-filter=Conformance && sig-network",
    "--focus=DNS",
  ]);
});

test("asks for listed specs by their whole names, whatever characters are in them", () => {
  const flag = selectionFlags({ names }).find((each) => each.startsWith("--focus="));
  const expression = new RegExp(flag?.slice("--focus=".length) ?? "", "u");
  for (const name of names) assert.match(name, expression);
  assert.doesNotMatch(`${names[0] ?? ""} and more`, expression);
  assert.doesNotMatch("[sig-network] DNS should work [Conformance]", expression);
});

test("narrows a list by group and by expression, and refuses an empty selection", () => {
  assert.deepEqual(chooseNames(names, { sig: "apps" }), [names[1]]);
  assert.deepEqual(chooseNames(names, { focus: "DNS|Job" }), names);
  assert.throws(() => selectionFlags({ names, sig: "storage" }), { code: "usage" });
});

test("takes whole numbers above 0 for counts", () => {
  assert.equal(positive("--parallel", undefined, 12), 12);
  assert.equal(positive("--parallel", "3", 12), 3);
  for (const wrong of ["0", "-1", "1.5", "many", ""]) {
    assert.throws(() => positive("--parallel", wrong, 12), { code: "usage", message: /--parallel/u });
  }
});
