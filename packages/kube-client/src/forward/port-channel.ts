import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { HttpsClient } from "../https-client.ts";
import { KubeError } from "../kube-error.ts";
import { forwardBufferBytesMax } from "../limits.ts";
import { resourcePath } from "../objects/resource-kind.ts";

export interface ChannelOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** Paused. */
  readonly socket: Socket;
  readonly signal: AbortSignal;
}

const [dataChannel, errorChannel] = [0, 1];

/**
 * Joins a connection with a port of a pod; resolves when it has ended. Over a WebSocket the first byte of a message says its channel: 0 the
 * bytes, 1 what went wrong; the first message of each names the port. The protocol has no word for one direction ending before the other.
 */
export async function openChannel(client: HttpsClient, options: ChannelOptions): Promise<void> {
  const { namespace, pod, port, socket, signal } = options;
  const far = await client.webSocket({
    path: resourcePath(
      { group: "", version: "v1", plural: "pods" },
      { namespace, name: pod, subresource: "portforward" },
    ),
    query: { ports: String(port) },
    protocols: ["v4.channel.k8s.io"],
    signal,
  });
  const greeted = new Set<number>();
  let complaint = "";
  far.on("message", (data: Buffer) => {
    const channel = data[0] ?? errorChannel;
    if (!greeted.has(channel)) {
      greeted.add(channel);
      return;
    }
    const bytes = data.subarray(1);
    if (channel === errorChannel) {
      complaint += bytes.toString("utf8");
      // Nothing comes after that, but not every server ends it.
      far.close();
    } else if (bytes.length > 0 && !socket.write(bytes)) {
      far.pause();
      socket.once("drain", () => far.resume());
    }
  });
  far.on("error", (error) => (complaint ||= error.message));
  far.resume();
  sendAll(socket, far);
  const ended = new Promise<void>((resolve) => far.once("close", () => resolve()));
  socket.once("close", () => far.close());
  await ended;
  if (complaint === "") socket.end();
  else {
    socket.destroy();
    throw new KubeError("unreachable", `port ${port} of the pod ${namespace}/${pod}: ${complaint.trim()}`);
  }
}

function sendAll(socket: Socket, far: WebSocket): void {
  socket.on("data", (bytes: Buffer) => {
    if (far.readyState !== far.OPEN) return;
    far.send(Buffer.concat([Buffer.from([dataChannel]), bytes]), () => {
      if (far.bufferedAmount < forwardBufferBytesMax) socket.resume();
    });
    if (far.bufferedAmount >= forwardBufferBytesMax) socket.pause();
  });
  socket.resume();
}
