import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCluster } from "@fairway/cluster";
import type { Cluster } from "@fairway/cluster";
import type { KubeRequest, KubeStreamAnswer, StreamingKubeClient } from "../kube-client.ts";
import { KubeError } from "../kube-error.ts";
import { until } from "../tests/until.ts";
import type { LogLine } from "./container-log.ts";
import { LineQueue } from "./line-queue.ts";
import { readLogs } from "./read-logs.ts";

const pods = "/api/v1/namespaces/default/pods";

/** The text of a line that was written in that second. */
const line = (second: number, text: string): string =>
  `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000000Z ${text}\n`;

describe("readLogs", () => {
  let cluster: Cluster;
  /** Stands for the kubelets: by `pod/container`, the answer to the next requests in turn. */
  const logs = new Map<string, ((request: KubeRequest) => KubeStreamAnswer)[]>();
  const asked: string[] = [];
  let client: StreamingKubeClient;

  before(async () => {
    cluster = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
    await send("POST", "/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
    client = {
      ...cluster.client,
      stream: async (request) => {
        const pod = /pods\/([^/]+)\/log$/u.exec(request.path)?.[1] ?? "";
        const { container = "", timestamps, ...rest } = request.query ?? {};
        assert.equal(timestamps, "true");
        asked.push(`${pod}/${container} ${new URLSearchParams(rest).toString()}`.trim());
        const next = logs.get(`${pod}/${container}`)?.shift();
        return next?.(request) ?? { status: 400, body: { message: `container "${container}" is waiting to start` } };
      },
    };
  });
  after(() => cluster.close());

  const send = async (method: KubeRequest["method"], path: string, body: unknown): Promise<void> => {
    const contentType = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
    const answer = await cluster.client.request({ method, path, body, ...contentType });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
  };
  const addPod = (name: string, app: string, containers = ["main"]): Promise<void> => {
    const spec = { containers: containers.map((each) => ({ name: each, image: "test" })) };
    return send("POST", pods, { metadata: { name, labels: { app } }, spec });
  };
  const setRun = (name: string, restarts: number, state = "running", phase = "Running"): Promise<void> => {
    const status = { name: "main", image: "test", imageID: "", ready: true, restartCount: restarts };
    const detail = state === "running" ? {} : { exitCode: 0 };
    const containerStatuses = [{ ...status, containerID: `c://${name}-${restarts}`, state: { [state]: detail } }];
    return send("PATCH", `${pods}/${name}/status`, { status: { phase, containerStatuses } });
  };
  const answers =
    (chunks: readonly (string | Promise<string>)[], breaks = false) =>
    (): KubeStreamAnswer => ({
      status: 200,
      bytes: (async function* () {
        for (const chunk of chunks) yield Buffer.from(await chunk);
        if (breaks) throw new KubeError("unreachable", "the answer broke off");
      })(),
    });
  const collect = async (lines: AsyncIterable<LogLine>, into: string[] = []): Promise<string[]> => {
    for await (const { pod, container, text } of lines) into.push(`${pod}/${container} ${text}`);
    return into;
  };

  test("reads all containers of all pods, in order, and passes over those that have not started", async () => {
    await addPod("a-1", "a", ["main", "side"]);
    await addPod("a-2", "a", ["main", "side"]);
    logs.set("a-1/main", [answers([line(1, "one"), line(2, "two words").slice(0, 40), "words\n".slice(0, 0), "..."])]);
    logs.set("a-2/side", [answers([line(1, ""), line(2, "end").trimEnd()])]);
    const found = await collect(readLogs(client, { namespace: "default", selector: "app=a", tailLines: 5 }));
    assert.deepEqual(found, ["a-1/main one", "a-1/main two words...", "a-2/side ", "a-2/side end"]);
    assert.equal(asked[0], "a-1/main tailLines=5");
  });

  test("says why there is nothing when there is nothing", async () => {
    await assert.rejects(collect(readLogs(client, { namespace: "default", pod: "a-1", container: "main" })), {
      code: "invalid",
      message: /container "main" is waiting to start/u,
    });
    await assert.rejects(collect(readLogs(client, { namespace: "default", pod: "a-1", container: "no" })), {
      code: "invalid",
      message: "the pod a-1 has no container no; it has main, side",
    });
    await assert.rejects(collect(readLogs(client, { namespace: "default", selector: "app=none" })), {
      code: "not-found",
      message: /no pods in the namespace default have the labels app=none/u,
    });
    await assert.rejects(collect(readLogs(client, { namespace: "default", pod: "none", follow: true })), {
      code: "not-found",
    });
  });

  test("follows restarts and pods that come later, until the signal", async () => {
    await addPod("b-1", "b");
    logs.set("b-1/main", [answers([line(1, "first run")]), answers([line(5, "second run")])]);
    logs.set("b-2/main", [answers([line(3, "newcomer")])]);
    const stop = new AbortController();
    const found: string[] = [];
    const options = { namespace: "default", selector: "app=b", follow: true, tailLines: 10, signal: stop.signal };
    const done = collect(readLogs(client, options), found);
    await setRun("b-1", 0, "terminated");
    await until(() => found.length === 1);
    await setRun("b-1", 1, "terminated");
    await until(() => found.length === 2);
    await addPod("b-2", "b");
    await setRun("b-2", 0, "terminated");
    await until(() => found.length === 3);
    stop.abort();
    await done;
    assert.deepEqual(found, ["b-1/main first run", "b-1/main second run", "b-2/main newcomer"]);
    const own = asked.filter((each) => each.startsWith("b-1"));
    assert.deepEqual(own, ["b-1/main follow=true&tailLines=10", "b-1/main follow=true"]);
  });

  test("goes on after the last line when the connection breaks, and ends with its pod", async () => {
    await addPod("c-1", "c");
    await setRun("c-1", 0);
    const more = Promise.withResolvers<string>();
    logs.set("c-1/main", [
      answers([line(1, "one"), line(2, "two"), line(2, "also two")], true),
      // The server begins with what it was asked for to the second.
      answers([line(2, "two"), line(2, "also two"), line(2, "third of two"), line(3, "three"), more.promise]),
    ]);
    const troubles: unknown[] = [];
    const found: string[] = [];
    const options = {
      namespace: "default",
      pod: "c-1",
      follow: true,
      onTrouble: (error: unknown) => troubles.push(error),
    };
    const done = collect(readLogs(client, options), found);
    await until(() => found.length === 5);
    await setRun("c-1", 0, "terminated", "Succeeded");
    more.resolve(line(4, "end"));
    await done;
    assert.deepEqual(
      found.map((each) => each.slice("c-1/main ".length)),
      ["one", "two", "also two", "third of two", "three", "end"],
    );
    assert.equal(troubles.length, 1);
    assert.equal(asked.at(-1), "c-1/main follow=true&sinceTime=2026-01-01T00%3A00%3A02.000000000Z");
  });

  test("whoever stops reading ends the reading", async () => {
    await addPod("d-1", "d");
    await setRun("d-1", 0);
    let ended = false;
    logs.set("d-1/main", [
      ({ signal }): KubeStreamAnswer => ({
        status: 200,
        bytes: (async function* () {
          yield Buffer.from(line(1, "one"));
          await new Promise((resolve) => signal?.addEventListener("abort", resolve));
          ended = true;
        })(),
      }),
    ]);
    for await (const { text } of readLogs(client, { namespace: "default", selector: "app=d", follow: true })) {
      assert.equal(text, "one");
      break;
    }
    assert.ok(ended);
  });

  test("a writer waits while the reader does not take", async () => {
    const queue = new LineQueue<number>(2);
    let written = 0;
    const writing = (async () => {
      for (let item = 1; await queue.push(item); item += 1) written = item;
    })();
    const reader = queue.read();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written, 2);
    assert.equal((await reader.next()).value, 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written, 3);
    await reader.return(undefined);
    await writing;
  });
});
