import type { WebSocket } from "ws";

/** What a client may ask for that reads a log over a WebSocket; without any it gets bytes as they are. */
export const webSocketLogProtocols = ["binary.k8s.io", "base64.binary.k8s.io"];

/** Sends a log, one message after the other has gone out, and closes the connection at its end. Ends early when the client has gone. */
export async function sendLogMessages(socket: WebSocket, lines: AsyncIterable<Buffer>): Promise<void> {
  const isBase64 = socket.protocol.startsWith("base64");
  for await (const line of lines) {
    if (socket.readyState !== socket.OPEN) break;
    await new Promise<void>((resolve) => socket.send(isBase64 ? line.toString("base64") : line, () => resolve()));
  }
  socket.close(1000);
}
