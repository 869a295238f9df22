import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent } from "node:http";
import { after, before, describe, test } from "node:test";
import { ask, askHost } from "./tests/ask.ts";
import { rules, startShop } from "./tests/shop.ts";
import type { Shop, TestPod } from "./tests/shop.ts";
import { until } from "./tests/until.ts";

describe("pods that come and go", () => {
  let shop: Shop;
  before(async () => {
    shop = await startShop();
  });
  after(() => shop.close());

  const serve = async (name: string): Promise<void> => {
    await shop.addService(name);
    await shop.addIngress(name, { rules: [rules(`${name}.test`, { "/": name })] });
    await until(async () => (await askHost(shop.ingress.url, `${name}.test`)).status === 200);
  };
  const names = async (host: string, count: number): Promise<ReadonlySet<string>> => {
    const asked = Array.from({ length: count }, () => askHost(shop.ingress.url, host));
    return new Set((await Promise.all(asked)).map(({ status, text }) => `${status} ${text}`));
  };

  test("a pod that accepts no connection is passed over, whatever the method, and of none left it is said", async () => {
    const pods: TestPod[] = [];
    for (const name of ["deaf-1", "deaf-2", "deaf-3"]) {
      pods.push(await shop.addPod("deaf", name, (request, response) => request.pipe(response)));
    }
    await serve("deaf");
    await until(async () => (await names("deaf.test", 9)).has("200 "));
    const close = async (pod: TestPod): Promise<void> => {
      pod.server.close();
      pod.server.closeAllConnections();
      await once(pod.server, "close");
    };
    for (const pod of pods.slice(1)) await close(pod);
    for (let count = 0; count < 12; count += 1) {
      const answer = await ask(shop.ingress.url, {
        method: "POST",
        headers: { host: "deaf.test", "content-length": 5 },
        body: "hello",
      });
      assert.deepEqual([answer.status, answer.text], [200, "hello"]);
    }
    for (const pod of pods.slice(0, 1)) await close(pod);
    const none = await askHost(shop.ingress.url, "deaf.test");
    assert.equal(none.status, 502);
    assert.match(
      none.text,
      /no pod of the service default\/deaf accepts connections \(tried: 127.0.0.1 \d+, 127.0.0.1 \d+, 127.0.0.1 \d+\)/u,
    );
  });

  test("a pod that is not ready gets nothing new, and finishes what it has", async () => {
    const gate = Promise.withResolvers<void>();
    const came = Promise.withResolvers<void>();
    const first = await shop.addPod("calm", "calm-1", (request, response) => {
      if (request.url !== "/slow") return void response.end("calm-1");
      came.resolve();
      void gate.promise.then(() => response.end("slow calm-1"));
      return undefined;
    });
    await serve("calm");
    const slow = askHost(`${shop.ingress.url}/slow`, "calm.test");
    await came.promise;
    await shop.addPod("calm", "calm-2", (_request, response) => response.end("calm-2"));
    await until(async () => (await names("calm.test", 4)).has("200 calm-2"));
    await first.setReady(false);
    // With so many at once one that is still asked answers some of them.
    await until(async () => !(await names("calm.test", 40)).has("200 calm-1"));
    assert.deepEqual(await names("calm.test", 40), new Set(["200 calm-2"]));
    gate.resolve();
    assert.equal((await slow).text, "slow calm-1");
  });

  test("three generations of pods are rolled out under constant load, and not one request fails", async () => {
    const start = (name: string): Promise<TestPod> =>
      shop.addPod("rolled", name, (request, response) => {
        request.resume();
        request.once("end", () => setImmediate(() => response.end(name)));
      });
    let pods = [await start("rolled-0-a"), await start("rolled-0-b"), await start("rolled-0-c")];
    await serve("rolled");
    const answers: string[] = [];
    const failures: string[] = [];
    const over = new AbortController();
    const agent = new Agent({ keepAlive: true });
    const load = async (method: string): Promise<void> => {
      while (!over.signal.aborted) {
        const body =
          method === "POST"
            ? { body: "x", headers: { host: "rolled.test", "content-length": 1 } }
            : { headers: { host: "rolled.test" } };
        const answer = await ask(shop.ingress.url, { agent, method, ...body }).catch((error: unknown) => String(error));
        if (typeof answer === "string" || answer.status !== 200)
          failures.push(typeof answer === "string" ? answer : answer.text);
        else answers.push(answer.text);
      }
    };
    const loads = ["GET", "POST", "GET", "POST", "GET", "POST"].map(load);
    for (const generation of [1, 2, 3]) {
      const next: TestPod[] = [];
      for (const [index, old] of pods.entries()) {
        const [name = "", oldName = ""] = [generation, generation - 1].map((each) => `rolled-${each}-${"abc"[index]}`);
        next.push(await start(name));
        await until(() => answers.includes(name));
        // As a pod ends: it is not ready any more, gets what is on its way, and closes when nothing is.
        await old.remove();
        const removed = answers.length;
        await until(() => answers.length > removed + 20 && !answers.slice(-20).includes(oldName));
        old.server.close();
      }
      pods = next;
    }
    over.abort();
    await Promise.all(loads);
    agent.destroy();
    assert.deepEqual(failures, []);
    assert.equal(new Set(answers).size, 12);
  });
});
