import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { createHttpsClient } from "../https-client.ts";
import type { HttpsClient } from "../https-client.ts";
import { forwardPort } from "./forward-port.ts";

const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };

/** As the kubelet speaks: two channels a port, and each first says the number of the port. */
function serveChannel(socket: WebSocket, port: number, text: (data: Buffer) => Buffer | Error): void {
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port);
  const send = (channel: number, bytes: Buffer): void => socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
  send(0, number);
  send(1, number);
  socket.on("message", (data: Buffer) => {
    assert.equal(data[0], 0);
    const answer = text(data.subarray(1));
    if (answer instanceof Error) {
      send(1, Buffer.from(answer.message));
    } else {
      send(0, answer);
    }
  });
}

describe("forwardPort", () => {
  let server: Server;
  let client: HttpsClient;
  const opened: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      const isKnown = /\/pods(?:\/web)?(?:\?|$)/u.test(request.url ?? "");
      const items = [
        { metadata: { name: "web" }, ...ready },
        { metadata: { name: "ending", deletionTimestamp: "x" }, ...ready },
      ];
      response
        .writeHead(isKnown ? 200 : 404)
        .end(JSON.stringify(isKnown ? { kind: "PodList", items } : { message: "pods not found" }));
    });
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
    server.on("upgrade", (request, socket, head) => {
      opened.push(request.url ?? "");
      assert.match(request.headers.accept ?? "", /\*\/\*/u);
      sockets.handleUpgrade(request, socket, head, (each) =>
        serveChannel(each, 8080, (data) =>
          data.toString() === "fail" ? new Error("connection refused") : Buffer.from(data.toString().toUpperCase()),
        ),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    client = createHttpsClient({
      server: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    });
  });
  after(() => {
    client.close();
    server.close();
    server.closeAllConnections();
  });

  test("each connection leads to a ready pod and back", async () => {
    const forwarded = await forwardPort(client, { namespace: "shop", selector: "app=web", port: 8080 });
    const texts = await Promise.all(
      ["one", "two", "three"].map(async (text) => {
        const socket = connect(forwarded.port, forwarded.host);
        socket.write(text);
        const [answer] = (await once(socket, "data")) as [Buffer];
        socket.destroy();
        return answer.toString();
      }),
    );
    assert.deepEqual(texts, ["ONE", "TWO", "THREE"]);
    assert.deepEqual(new Set(opened), new Set(["/api/v1/namespaces/shop/pods/web/portforward?ports=8080"]));
    await forwarded.close();
    const refused = connect(forwarded.port, forwarded.host);
    await assert.rejects(once(refused, "connect"), { code: "ECONNREFUSED" });
  });

  test("carries megabytes without losing one of them", async () => {
    const forwarded = await forwardPort(client, { namespace: "shop", pod: "web", port: 8080 });
    const socket = connect(forwarded.port, forwarded.host);
    const length = 8 * 1024 * 1024;
    socket.write(Buffer.alloc(length, "a"));
    let received = 0;
    for await (const chunk of socket) {
      assert.ok((chunk as Buffer).every((byte) => byte === 65));
      received += (chunk as Buffer).length;
      if (received === length) break;
    }
    assert.equal(received, length);
    await forwarded.close();
  });

  test("what the pod refuses ends the connection and is told; what is not there is said at once", async () => {
    const troubles: unknown[] = [];
    const forwarded = await forwardPort(client, {
      namespace: "shop",
      pod: "web",
      port: 8080,
      onTrouble: (error) => troubles.push(error),
    });
    const socket = connect(forwarded.port, forwarded.host);
    socket.write("fail");
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("close", resolve));
    assert.match(String(troubles[0]), /port 8080 of the pod shop\/web: connection refused/u);
    await forwarded.close();
    await assert.rejects(forwardPort(client, { namespace: "shop", pod: "gone", port: 1 }), { code: "not-found" });
  });

  test("a port that is taken is named", async () => {
    const other = createTcpServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const localPort = typeof address === "object" && address !== null ? address.port : 0;
    await assert.rejects(forwardPort(client, { namespace: "shop", pod: "web", port: 8080, localPort }), {
      code: "unreachable",
      message: new RegExp(`cannot listen on 127.0.0.1:${localPort}`, "u"),
    });
    other.close();
  });
});
