import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Why a request is not led anywhere. */
export interface Refusal {
  readonly status: 400 | 404 | 414 | 421 | 502 | 503 | 504;
  /** What was found and where. */
  readonly text: string;
}

const reasons: Readonly<Record<Refusal["status"], string>> = {
  400: "Bad Request",
  404: "Not Found",
  414: "URI Too Long",
  421: "Misdirected Request",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export function refuse(response: ServerResponse, { status, text }: Refusal): void {
  if (response.headersSent) {
    // The rest will not come: a connection that breaks is the only way to say so.
    response.destroy();
    return;
  }
  const body = bodyOf(status, text);
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    // What was not understood may go on in a way that nobody expects.
    ...(status === 400 || status === 414 ? { connection: "close" } : {}),
    ...(status === 503 ? { "retry-after": "1" } : {}),
  });
  response.end(body);
}

/** The same where there is only a connection. */
export function refuseSocket(socket: Duplex, { status, text }: { status: number; text: string }): void {
  if (socket.destroyed || !socket.writable) return;
  const body = bodyOf(status as Refusal["status"], text);
  const lines = [
    `HTTP/1.1 ${status} ${reasons[status as Refusal["status"]] ?? "Refused"}`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

function bodyOf(status: Refusal["status"], text: string): string {
  return `${status} ${reasons[status] ?? "Refused"}\n\n${text}\n`;
}
