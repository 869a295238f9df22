import assert from "node:assert/strict";
import { test } from "node:test";
import { startCluster } from "@fairway/cluster";
import { parseKubeconfig } from "../diff/kubeconfig.ts";
import { departuresOf, readRecordedCases } from "./corpus.ts";

test("random questions are answered as the real API server answered them", async () => {
  const cases = readRecordedCases();
  assert.ok(cases.length >= 200, `${cases.length} recorded cases`);
  const cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
  try {
    const departures = await departuresOf(parseKubeconfig(cluster.kubeconfig), cases);
    const shown = departures.map(
      ({ told, finding }) => `${told.number} ${told.subject} ${told.manner}: ${finding.names[0]}`,
    );
    assert.deepEqual(shown, []);
  } finally {
    await cluster.close();
  }
});
