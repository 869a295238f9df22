import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Balancer } from "./balancer.ts";
import type { Endpoint } from "./find-endpoints.ts";

const pods: readonly Endpoint[] = ["a", "b", "c"].map((name) => ({ address: name, port: 80, name }));
const none: ReadonlySet<string> = new Set();

describe("balancer", () => {
  test("takes idle pods in turn", () => {
    const balancer = new Balancer();
    const names = Array.from({ length: 6 }, () => balancer.choose(pods, none)?.name);
    assert.deepEqual(names.slice(0, 3).toSorted(), ["a", "b", "c"]);
    assert.deepEqual(names.slice(3), names.slice(0, 3));
  });

  test("takes the pod with the fewest requests under way", () => {
    const balancer = new Balancer();
    const [a, b, c] = pods;
    assert.ok(a && b && c);
    for (const each of [a, a, b, c, c]) balancer.began(each);
    for (let count = 0; count < 5; count += 1) assert.equal(balancer.choose(pods, none)?.name, "b");
    balancer.ended(a);
    balancer.ended(a);
    assert.equal(balancer.choose(pods, none)?.name, "a");
    assert.equal(balancer.pending(a), 0);
  });

  test("leaves out those that were tried", () => {
    const balancer = new Balancer();
    assert.equal(balancer.choose(pods, new Set(["a 80", "c 80"]))?.name, "b");
    assert.equal(balancer.choose(pods, new Set(["a 80", "b 80", "c 80"])), undefined);
    assert.equal(balancer.choose([], none), undefined);
  });
});
