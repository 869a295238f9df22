import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FormatName } from "./formats.ts";
import { mended } from "./mend.ts";

const slips: readonly (readonly [FormatName, string, string | undefined])[] = [
  ["service-name", "Orders_Service", "orders-service"],
  ["service-name", "OrdersService", "ordersservice"],
  ["service-name", "42", undefined],
  ["dns-name", "https://API.stripe.com/v1", undefined],
  ["dns-name", "https://api.stripe.com/v1", "api.stripe.com"],
  ["environment-variable", "LOG-LEVEL", "LOG_LEVEL"],
  ["event-name", "orderCreated", "OrderCreated"],
  ["event-name", "order.created", "OrderCreated"],
  ["url-path", "orders//new/", "/orders/new"],
  ["seconds", "45", "45s"],
  ["seconds", "500ms", undefined],
  ["duration", "0.5s", "500ms"],
  ["time-span", "15 min", "15m"],
  ["time-span", "0.5 min", undefined],
  ["time-span", "soon", undefined],
  ["bytes", "512", "512Mi"],
  ["bytes", "512MB", "512Mi"],
  ["bytes", "2 GB", "2Gi"],
  ["bytes", "lots", undefined],
  ["git-url", "github.com/acme/shop", "https://github.com/acme/shop.git"],
  ["registry-address", "https://ghcr.io/acme/", "ghcr.io/acme"],
  ["percentage", "99.5%", "99.5"],
  ["date", "24.12.2026", undefined],
];

describe("a text without its format", () => {
  for (const [format, text, expected] of slips) {
    test(`${JSON.stringify(text)} as ${format} was meant as ${expected ?? "nothing that can be guessed"}`, () => {
      assert.equal(mended(format, text), expected);
    });
  }
});
