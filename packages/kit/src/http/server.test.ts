import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { mount } from "./server.ts";
import type { Application } from "./exchange.ts";

async function withServer(application: Application, use: (port: number) => Promise<void>): Promise<void> {
  const server = await mount(application, { host: "127.0.0.1", port: 0, onProblem: assert.ifError });
  try {
    await use(server.port);
  } finally {
    await server.close(0);
  }
}

function post(body: string): string {
  return `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

test("bodies arrive whole and in order, in pieces and behind each other on one connection", async () => {
  const bodies: string[] = [];
  const application: Application = (incoming) => {
    const onBody = (bytes: Uint8Array): void => {
      bodies.push(Buffer.from(bytes).toString());
      incoming.answer({ status: 200, headers: {}, body: `${bodies.length};` });
    };
    incoming.readBody(100, onBody, assert.ifError);
  };
  await withServer(application, async (port) => {
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    let received = "";
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    socket.write(`2\r\nde\r\n0\r\n\r\n${post("second")}${post("")}${post("fourth")}`);
    for await (const text of socket) {
      received += text;
      if (received.endsWith("4;")) break;
    }
    assert.deepEqual(bodies, ["abcde", "second", "", "fourth"]);
    assert.deepEqual(received.match(/\d;/g), ["1;", "2;", "3;", "4;"]);
  });
});

test("who goes after the body has gone; only who goes within it left a body that is not whole", async () => {
  for (const [sent, expected] of [
    [post("abc"), ["body", "gone"]],
    [post("abc").slice(0, -1), ["gone", "failure"]],
  ] as const) {
    const heard: string[] = [];
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const hear = (what: string): void => {
      heard.push(what);
      if (heard.length === expected.length) end();
    };
    const application: Application = (incoming) => {
      incoming.onGone(() => hear("gone"));
      incoming.readBody(
        100,
        () => hear("body"),
        () => hear("failure"),
      );
      arrive();
    };
    await withServer(application, async (port) => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(sent);
      await arrived;
      socket.destroy();
      await over;
    });
    assert.deepEqual(heard, expected);
  }
});
