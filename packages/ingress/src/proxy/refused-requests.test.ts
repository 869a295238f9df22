import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { headerBytesMax, targetCharactersMax } from "../limits.ts";
import { sendRaw } from "../tests/raw.ts";
import { rules, startShop } from "../tests/shop.ts";
import type { Shop } from "../tests/shop.ts";
import { until } from "../tests/until.ts";

/** Requests whose end is read differently by different programs: who believes the one lets through what the other takes for a second request. */
const smuggling: Readonly<Record<string, string>> = {
  "a length and chunks": "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
  "chunks and a length":
    "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGET /hidden HTTP/1.1\r\n\r\n0\r\n\r\n",
  "two lengths": "Content-Length: 0\r\nContent-Length: 30\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
  "a list of lengths": "Content-Length: 0, 30\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
  "an encoding that is not quite chunked": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n",
  "chunked that is not the last encoding":
    "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n",
  "two encodings":
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n",
  "a space before the colon": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n",
  "a folded header": "Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n",
  "a length with a sign": "Content-Length: +5\r\n\r\nhello",
  "a length that is none": "Content-Length: 5 hello\r\n\r\nhello",
  "a chunk whose size is none": "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
  "two hosts": "Host: other.test\r\n\r\n",
  "a null byte": "X-Null: a\0b\r\n\r\n",
};

describe("requests that are refused", () => {
  let shop: Shop;
  const seen: string[] = [];
  before(async () => {
    shop = await startShop();
    await shop.addService("web");
    await shop.addPod("web", "web-1", (request, response) => {
      seen.push(request.url ?? "");
      request.resume();
      request.once("end", () => response.end("ok"));
    });
    await shop.addService("empty");
    await shop.addIngress("web", { rules: [rules("web.test", { "/": "web", "/empty": "empty", "/lost": "lost" })] });
    const wrongPort = { service: { name: "web", port: { number: 99 } } };
    await shop.addIngress("wrong", {
      rules: [
        { host: "port.test", http: { paths: [{ path: "/", pathType: "Prefix", backend: wrongPort }] } },
        {
          host: "thing.test",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { resource: { apiGroup: "example.org", kind: "Bucket", name: "b" } },
              },
            ],
          },
        },
      ],
    });
    await until(
      async () =>
        (await get("web.test", "/")).startsWith("HTTP/1.1 200") &&
        (await get("thing.test", "/")).startsWith("HTTP/1.1 503"),
    );
  });
  after(() => shop.close());

  const get = (host: string, path: string): Promise<string> =>
    sendRaw(shop.ingress.url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  for (const [name, rest] of Object.entries(smuggling)) {
    test(`with ${name}`, async () => {
      seen.length = 0;
      const answer = await sendRaw(shop.ingress.url, `POST /door HTTP/1.1\r\nHost: web.test\r\n${rest}`);
      assert.doesNotMatch(answer, /HTTP\/1.1 2/u);
      assert.match(answer, /HTTP\/1.1 400 /u);
      assert.ok(!seen.includes("/hidden"));
    });
  }

  test("two requests after one another on one connection are two requests", async () => {
    seen.length = 0;
    const first = "POST /one HTTP/1.1\r\nHost: web.test\r\nContent-Length: 5\r\n\r\nhello";
    const second = "GET /two HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n";
    const answer = await sendRaw(shop.ingress.url, first + second);
    assert.equal(answer.match(/HTTP\/1.1 200 OK/gu)?.length, 2);
    assert.deepEqual(seen, ["/one", "/two"]);
  });

  test("what is too long", async () => {
    const long = "x".repeat(headerBytesMax + 1);
    const headers = await sendRaw(shop.ingress.url, `GET / HTTP/1.1\r\nHost: web.test\r\nX-Long: ${long}\r\n\r\n`);
    assert.match(headers, /^HTTP\/1.1 431 /u);
    assert.match(await get("web.test", `/${"x".repeat(targetCharactersMax)}`), /^HTTP\/1.1 414 /u);
  });

  test("each with what is missing", async () => {
    const cases: readonly [string, string, RegExp][] = [
      [
        "nowhere.test",
        "/",
        /404 [\s\S]*no Ingress has a rule for the host "nowhere.test" and the path "\/"[\s\S]*hosts with rules: .*web.test/u,
      ],
      [
        "web.test",
        "/lost",
        /503 [\s\S]*the Ingress default\/web leads to the service default\/lost, which is not there/u,
      ],
      [
        "web.test",
        "/empty",
        /503 [\s\S]*Retry-After: 1[\s\S]*default\/empty, which has no ready pod \(pods that are not ready: 0\)/iu,
      ],
      ["port.test", "/", /503 [\s\S]*default\/web, port 99, but its ports are 80 \(web\)/u],
      ["thing.test", "/", /503 [\s\S]*leads to Bucket b: only ports of services can be led to/u],
    ];
    for (const [host, path, expected] of cases) assert.match(await get(host, path), expected);
  });

  test("the whole address as target counts, and other targets are none", async () => {
    seen.length = 0;
    assert.match(await get("ignored.test", "http://web.test/whole?a=1"), /^HTTP\/1.1 200/u);
    assert.deepEqual(seen, ["/whole?a=1"]);
    assert.match(await get("web.test", "ftp://web.test/"), /^HTTP\/1.1 400/u);
  });
});
