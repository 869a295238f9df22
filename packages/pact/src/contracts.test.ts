import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { ContractError, consumeEvents, consumeHttp, eachLike, integer, like, pactIsMissing } from "./index.ts";
import { pactsWith, uuid, verifyProvider } from "./index.ts";
import type { HttpExchange, Provider } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "pacts-"));
const services = join(folder, "microservices");
const pacts = join(services, "shop", "pacts");
const edge = { consumer: "shop", provider: "stock", folder: pacts };
const skip = pactIsMissing();

after(() => rmSync(folder, { recursive: true, force: true }));

const listing: HttpExchange = {
  description: "what there is",
  given: "two things",
  request: { method: "GET", path: "/things", query: [["shelf", "1"]], headers: { authorization: "Bearer example" } },
  response: { status: 200, body: { items: eachLike({ id: uuid(), count: integer(3) }) } },
};

async function record(exchanges: readonly HttpExchange[], use: (url: string) => Promise<void>): Promise<void> {
  process.env["UPDATE_PACTS"] = "1";
  try {
    await consumeHttp({ ...edge, exchanges }, use);
  } finally {
    delete process.env["UPDATE_PACTS"];
  }
}

async function ask(url: string, shelf = "1"): Promise<void> {
  await (await fetch(`${url}/things?shelf=${shelf}`, { headers: { authorization: "Bearer example" } })).text();
}

const thing = { id: "01900000-0000-7000-8000-00000000000f", count: 12, more: true };

function provider(changes: Partial<Provider> = {}): Provider {
  return {
    name: "stock",
    pacts: pactsWith("stock", services),
    states: { "two things": async () => undefined },
    handle: async () => Response.json({ items: [thing, thing] }),
    ...changes,
  };
}

function isBroken(code: string, text: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ContractError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, /^shop -> stock/);
    assert.match(error.message, text);
    return true;
  };
}

describe("requests", { skip }, () => {
  test("a contract is kept by a consumer who asks so and a provider who answers so", async () => {
    await record([listing], ask);
    await consumeHttp({ ...edge, exchanges: [listing] }, ask);
    const seen: (string | null)[] = [];
    await verifyProvider(
      provider({
        prepare: (request) => new Request(request, { headers: { authorization: "Bearer real" } }),
        handle: async (request) => {
          seen.push(request.headers.get("authorization"));
          return Response.json({ items: [thing] });
        },
      }),
    );
    assert.deepEqual(seen, ["Bearer real"]);
  });

  test("a consumer who asks otherwise is told, with the edge", async () => {
    const asked = consumeHttp({ ...edge, exchanges: [listing] }, (url) => ask(url, "2"));
    await assert.rejects(asked, isBroken("not-kept-by-consumer", /shelf/));
  });

  test("a consumer who needs more than was agreed has to say so", async () => {
    const more: HttpExchange = { ...listing, response: { status: 200, body: { items: [], next: like("x") } } };
    await assert.rejects(consumeHttp({ ...edge, exchanges: [more] }, ask), isBroken("not-recorded", /UPDATE_PACTS=1/));
  });

  test("a provider who answers otherwise is told what differs, with the edge", async () => {
    await record([listing], ask);
    const renamed = provider({ handle: async () => Response.json({ items: [{ id: thing.id, amount: 12 }] }) });
    await assert.rejects(verifyProvider(renamed), isBroken("not-kept-by-provider", /count/));
    const failing = provider({ handle: async () => new Response("", { status: 404 }) });
    await assert.rejects(verifyProvider(failing), isBroken("not-kept-by-provider", /404/));
    await assert.rejects(verifyProvider(provider({ states: {} })), isBroken("not-kept-by-provider", /two things/));
  });
});

describe("events", { skip }, () => {
  const events = [{ type: "Moved", data: { id: uuid(), by: integer(1) } }];

  test("an event is handled by its consumer and published by its provider as agreed", async () => {
    const handled: unknown[] = [];
    process.env["UPDATE_PACTS"] = "1";
    await consumeEvents({ ...edge, events }, async (event) => void handled.push(event.data));
    delete process.env["UPDATE_PACTS"];
    assert.deepEqual(handled, [{ id: "01900000-0000-7000-8000-000000000001", by: 1 }]);
    const publish = (data: unknown) => provider({ events: { Moved: async () => ({ type: "Moved", data }) } });
    await verifyProvider(publish({ id: thing.id, by: 7 }));
    await assert.rejects(verifyProvider(publish({ id: thing.id })), isBroken("not-kept-by-provider", /by/));
    await assert.rejects(verifyProvider(provider()), isBroken("not-kept-by-provider", /Moved/));
  });

  test("a consumer who can't handle what it asked for is told, with the edge and the event", async () => {
    const handle = async (): Promise<void> => {
      throw new Error("no column for it");
    };
    await assert.rejects(consumeEvents({ ...edge, events }, handle), (error) => {
      assert.match(String(error), /shop -> stock \(Moved\): it can't be handled: no column/);
      return true;
    });
  });
});
