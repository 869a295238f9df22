import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { durationMs, fits, type FormatName, quantityValue } from "./formats.ts";

interface Cases {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

/** Beside what a pattern says anyway: where tools that read the values later draw the line. */
const cases: Readonly<Partial<Record<FormatName, Cases>>> = {
  "service-name": {
    good: ["a", "orders-service", "a".repeat(46)],
    bad: ["", "-a", "a-", "A", "1a", "a".repeat(47), "a.b"],
  },
  "port-name": { good: ["admin", "h2c-1"], bad: ["123", "a".repeat(16), "Admin"] },
  "dns-name": { good: ["a.b", "*.a.b", "a".repeat(63)], bad: ["a..b", "a.*", "-a.b", "a".repeat(64), "a_b"] },
  "host-or-network": {
    good: ["api.stripe.com", "*.stripe.com", "10.20.0.0/16", "10.0.0.1/32", "0.0.0.0/0", "2001:db8::/32", "::/0"],
    bad: ["10.0.0.256/8", "10.0.0/8", "10.0.0.0/33", "2001:db8::/129", "1::2::3/64", "a/8", "https://a.b", "10.0.0.0/"],
  },
  "label-key": { good: ["team", "example.com/team"], bad: ["/team", "a/b/c", `a/${"b".repeat(64)}`] },
  "url-path": { good: ["/", "/a/b", "/a.b/%20"], bad: ["", "a", "/a/", "//a", "/a/../b", "/a b", "/a?b"] },
  "folder-path": { good: [".", "a/b", "..a"], bad: ["/a", "a/../b", "..", ""] },
  duration: { good: ["0s", "1h30m", "300ms"], bad: ["", "1", "1.5h", "-1s", "4000d", "1w"] },
  "time-span": { good: ["1ms", "10d"], bad: ["0s", "0m0s"] },
  seconds: { good: ["1s", "1m30s", "2h"], bad: ["500ms", "0s", "1d"] },
  bytes: { good: ["1Mi", "0.5Gi", "1048576", "2M"], bad: ["512", "512m", "1000k", "512MB", "-1Gi", "1e9"] },
  cpu: { good: ["250m", "1", "1.5", "0.001"], bad: ["1.0005", "100u", "1k", ""] },
  "git-branch": { good: ["main", "release/1.x", "Feature_2"], bad: ["-x", "a..b", "a/", "a.lock", "a b", "/a"] },
  version: { good: ["18", "1.4.2", "v1.0.0-rc.1+build"], bad: ["1.2.3.4", "latest", "1."] },
  cron: {
    good: ["0 2 * * *", "*/15 8-18 * * mon-fri", "@daily", "0,30 0 1 1,7 0", "5/10 * * * *"],
    bad: ["61 * * * *", "* * * *", "* * * * * *", "0 24 * * *", "*/0 * * * *", "5-1 * * * *", "@often", "a * * * *"],
  },
  date: { good: ["2028-02-29", "2026-12-31"], bad: ["2026-02-29", "2026-13-01", "2026-1-1", "2026-12-32"] },
  "time-zone": {
    good: ["UTC", "Europe/Rome", "America/Argentina/Buenos_Aires"],
    bad: ["Europe/Roma", "+25:00", "Mars"],
  },
  "time-of-day": { good: ["00:00", "23:59"], bad: ["24:00", "9:00", "12:60"] },
  percentage: { good: ["0", "99.95", "100", "100.0"], bad: ["100.1", "101", "-1", "99%"] },
  image: {
    good: ["node:26-slim", "gcr.io/distroless/nodejs24-debian12", "localhost:5000/a"],
    bad: ["Node", "a//b", ""],
  },
  "registry-address": { good: ["ghcr.io/acme", "localhost:5000"], bad: ["https://ghcr.io", "ghcr.io/"] },
};

describe("a text has the format", () => {
  for (const [format, { good, bad }] of Object.entries(cases) as [FormatName, Cases][]) {
    test(`${format}: ${good[0]}, but not ${JSON.stringify(bad[0])}`, () => {
      assert.deepEqual(
        good.filter((text) => !fits(format, text)),
        [],
      );
      assert.deepEqual(
        bad.filter((text) => fits(format, text)),
        [],
      );
    });
  }
});

test("durations and quantities are counted", () => {
  assert.equal(durationMs("1h30m15s500ms"), 5_415_500);
  assert.equal(durationMs("2d"), 172_800_000);
  assert.equal(quantityValue("512Mi"), 536_870_912);
  assert.equal(quantityValue("250m"), 0.25);
  assert.equal(quantityValue("1.5G"), 1_500_000_000);
});

test("no pattern takes long over a text made to hurt it", () => {
  for (const format of Object.keys(cases) as FormatName[]) {
    // Backtracking that grows with the square or worse would not come to an end here.
    for (const scrap of ["a", "a-", "a.", "1", "1s", "/a", "*/", "0,"]) fits(format, `${scrap.repeat(250)}!`);
  }
});
