import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { keyOf } from "../backends/balancer.ts";
import type { Endpoint } from "../backends/find-endpoints.ts";
import { attemptsMax, silenceMsMax } from "../limits.ts";
import type { Backend } from "./choose-backend.ts";
import type { ForwardContext } from "./forward-request.ts";
import { requestHeaders, responseHeaders } from "./headers.ts";
import type { ForwardedBy } from "./headers.ts";
import { refuseSocket } from "./refusal.ts";

export interface UpgradeExchange {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came after the request already. */
  readonly head: Buffer;
  readonly backend: Backend;
  readonly by: ForwardedBy;
}

/** Leads a request for another protocol, such as WebSocket, to a pod, and then bytes in both directions. */
export function forwardUpgrade(context: ForwardContext, exchange: UpgradeExchange): void {
  const tried = new Set<string>();
  const attempt = (): void => {
    const { backend, socket } = exchange;
    const endpoints = backend.endpoints();
    if ("status" in endpoints) return refuseSocket(socket, endpoints);
    const endpoint = context.balancer.choose(endpoints, tried);
    if (endpoint === undefined || tried.size >= attemptsMax) {
      const text = `no pod of the service ${backend.service} accepts connections (tried: ${[...tried].join(", ")})`;
      return refuseSocket(socket, { status: 502, text });
    }
    tried.add(keyOf(endpoint));
    connectTo(context, exchange, { endpoint, next: attempt });
  };
  exchange.socket.on("error", () => exchange.socket.destroy());
  attempt();
}

function connectTo(
  { balancer, answerMs }: ForwardContext,
  { request, socket, head, backend, by }: UpgradeExchange,
  { endpoint, next }: { endpoint: Endpoint; next: () => void },
): void {
  const headers = requestHeaders(request, by);
  headers.push("Connection", "Upgrade", "Upgrade", request.headers.upgrade ?? "");
  const outgoing = httpRequest({
    agent: false,
    host: endpoint.address,
    port: endpoint.port,
    method: request.method ?? "GET",
    path: backend.target,
    headers,
    timeout: answerMs,
  });
  balancer.began(endpoint);
  let isOver = false;
  const over = (): void => {
    if (!isOver) balancer.ended(endpoint);
    isOver = true;
  };
  let hasConnected = false;
  socket.once("close", () => outgoing.destroy());
  outgoing
    .once("socket", (near) => near.once("connect", () => (hasConnected = true)))
    .once("upgrade", (answer, far: Socket, farHead) => {
      outgoing.setTimeout(0);
      socket.write(headOf(answer, ["Connection", "Upgrade", "Upgrade", answer.headers.upgrade ?? ""]));
      if (farHead.length > 0) socket.write(farHead);
      if (head.length > 0) far.write(head);
      join(socket, far, over);
    })
    .once("response", (answer) => {
      // The pod wants to stay with HTTP: its answer is passed on, and the connection ends with it.
      socket.write(headOf(answer, ["Connection", "close"]));
      answer.pipe(socket);
      answer.once("close", over);
    })
    .once("timeout", () => outgoing.destroy(new Error(`no answer for ${answerMs / 1000} s`)))
    .on("error", (error) => {
      over();
      if (!hasConnected && !socket.destroyed) return next();
      refuseSocket(socket, { status: 502, text: `the pod ${endpoint.name} ended the connection: ${error.message}` });
    })
    .end();
}

function join(near: Socket, far: Socket, over: () => void): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.setTimeout(silenceMsMax, () => from.destroy());
    from.setNoDelay(true);
    from.pipe(to);
    from.once("error", () => to.destroy());
    from.once("close", () => to.destroy());
  }
  far.once("close", over);
}

function headOf(answer: IncomingMessage, more: readonly string[]): string {
  const raw = [...responseHeaders(answer), ...more];
  const lines = [`HTTP/1.1 ${answer.statusCode ?? 502} ${answer.statusMessage ?? ""}`];
  for (let index = 0; index + 1 < raw.length; index += 2) lines.push(`${raw[index] ?? ""}: ${raw[index + 1] ?? ""}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
