import assert from "node:assert/strict";
import { test } from "node:test";
import { inPortOrder } from "./port-order.ts";

const web = { name: "web", port: 8080, protocol: "TCP" };
const named = { name: "named", port: 8081, protocol: "TCP" };

test("ports are in the order in which the real controller wrote them, whatever order they are given in", () => {
  assert.deepEqual(inPortOrder([web, named]), [named, web]);
  assert.deepEqual(inPortOrder([named, web]), [named, web]);
});
