import assert from "node:assert/strict";
import { test } from "node:test";
import { clientAddress } from "./client-address.ts";

const asked = (passed?: string) => ({
  headers: passed === undefined ? {} : { "x-forwarded-for": passed },
  remoteAddress: "10.0.0.1",
});

test("the address of a client is what our own proxies say, and nothing that the client wrote itself", () => {
  assert.equal(clientAddress(asked("203.0.113.7"), 1), "203.0.113.7");
  assert.equal(clientAddress(asked("198.51.100.1, 203.0.113.7"), 1), "203.0.113.7");
  assert.equal(clientAddress(asked("203.0.113.7, 10.0.0.2"), 2), "203.0.113.7");
});

test("without a proxy, or without its word, it is who opened the connection", () => {
  assert.equal(clientAddress(asked("203.0.113.7"), 0), "10.0.0.1");
  assert.equal(clientAddress(asked(), 1), "10.0.0.1");
  assert.equal(clientAddress(asked("203.0.113.7"), 2), "10.0.0.1");
});
