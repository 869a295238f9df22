import { connect } from "node:net";
import type { Socket } from "node:net";

/** Sends bytes as they are and answers all that comes back until the connection ends. */
export function sendRaw(url: string, text: string): Promise<string> {
  const socket = rawSocket(url);
  socket.write(text);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

export function rawSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** What has come so far, until it contains the text. */
export function untilText(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let found = "";
    const take = (chunk: Buffer): void => {
      found += chunk.toString("latin1");
      if (!found.includes(text)) return;
      socket.off("data", take);
      resolve(found);
    };
    socket.on("data", take).once("close", () => reject(new Error(`ended with ${JSON.stringify(found)}`)));
  });
}
