import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { KubeletError } from "../kubelet-error.ts";
import { frameBytesMax } from "../limits.ts";
import { readLog } from "../logs/read-log.ts";
import type { LogOptions } from "../logs/read-log.ts";
import type { PodManager } from "../pod-manager.ts";
import { waitingReason } from "../pods/container-status.ts";
import type { ContainerSlot } from "../pods/container-slot.ts";
import type { PodWorker } from "../pods/pod-worker.ts";
import {
  portForwardProtocol,
  servePortForward,
  serveTunnel,
  serveWebSocketPorts,
  tunnelProtocol,
} from "./port-forward.ts";
import type { PortForwardTarget } from "./port-forward.ts";
import { serveAttach, serveExec } from "./remote-command.ts";
import type { CommandStreams } from "./remote-command.ts";
import { acceptSpdyCommand, commandProtocols } from "./spdy-command.ts";
import type { StreamWish } from "./spdy-command.ts";
import { acceptWebSocketCommand, webSocketCommandProtocols } from "./websocket-command.ts";
import { sendLogMessages, webSocketLogProtocols } from "./websocket-log.ts";

export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** A request to change the protocol, as Node.js hands it over. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Logs, exec, attach and port-forward of the pods of this node. An API server mounts these as the pod's subresources; the kubelet's own HTTPS
 * endpoint serves the same. A client may speak SPDY/3.1 or WebSocket.
 */
export class PodStreams {
  readonly #pods: PodManager;
  readonly #log: (line: string) => void;
  readonly #webSockets: WebSocketServer;

  constructor(pods: PodManager, log: (line: string) => void) {
    this.#pods = pods;
    this.#log = log;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: frameBytesMax,
      handleProtocols: (offered) =>
        [tunnelProtocol, ...webSocketCommandProtocols, ...webSocketLogProtocols].find((each) => offered.has(each)) ??
        false,
    });
  }

  /** Throws `not-found` or `bad-request` in the words of the kubelet before the first byte. */
  logs(
    target: ContainerTarget,
    options: LogOptions & { readonly previous: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const { slot, worker } = this.#find(target);
    // The node never took it.
    if (worker.status().containerStatuses === undefined)
      throw new KubeletError(
        "bad-request",
        `container ${JSON.stringify(slot.container.name)} in pod ${JSON.stringify(target.pod)} is not available`,
      );
    const { active, logs } = slot;
    const hasEnded = slot.terminated !== undefined || slot.previous !== undefined;
    // What `--previous` means depends on whether something runs now: a container that waits to be restarted has its last run as current one.
    const path = options.previous
      ? active === undefined && slot.waiting === undefined
        ? logs.at(-2)
        : logs.at(active === undefined ? -1 : -2)
      : logs.at(-1);
    if (options.previous && (path === undefined || !hasEnded)) {
      throw new KubeletError(
        "bad-request",
        `previous terminated container ${JSON.stringify(slot.container.name)} in pod ${JSON.stringify(target.pod)} not found`,
      );
    }
    if (path === undefined) {
      const why = waitingReason(slot, worker.pod);
      throw new KubeletError(
        "bad-request",
        `container ${JSON.stringify(slot.container.name)} in pod ${JSON.stringify(target.pod)} is waiting to start: ${imageFailures[why] ?? why}`,
      );
    }
    const live = active?.log.path === path ? active.log : undefined;
    return readLog(path, options, { live, signal });
  }

  /** The same log over a WebSocket. */
  logMessages(target: ContainerTarget, upgrade: Upgrade, options: LogOptions & { readonly previous: boolean }): void {
    if (!isWebSocket(upgrade.request))
      throw new KubeletError("bad-request", "a log is read over a WebSocket or not at all");
    const gone = new AbortController();
    const lines = this.logs(target, options, gone.signal);
    this.#webSocket(upgrade, (socket) => {
      for (const event of ["close", "error"]) socket.once(event, () => gone.abort());
      return sendLogMessages(socket, lines);
    });
  }

  exec(
    target: ContainerTarget,
    upgrade: Upgrade,
    command: { readonly wish: StreamWish; readonly command: readonly string[] },
  ): void {
    const { running } = this.#running(target);
    this.#command(upgrade, command.wish, (streams) =>
      serveExec(streams, () =>
        running.exec({ command: command.command, tty: command.wish.tty, stdin: command.wish.stdin }),
      ),
    );
  }

  attach(target: ContainerTarget, upgrade: Upgrade, wish: StreamWish): void {
    const { running, slot } = this.#running(target);
    const stdinOnce = slot.container.stdinOnce === true;
    this.#command(upgrade, wish, (streams) => serveAttach(streams, { running, stdinOnce }));
  }

  portForward(target: { namespace: string; pod: string }, upgrade: Upgrade, ports: readonly number[]): void {
    const worker = this.#worker(target);
    const { sandbox } = worker;
    if (sandbox === undefined) throw new KubeletError("not-found", `pod ${target.pod} is not running`);
    const forward: PortForwardTarget = {
      connect: (port) => sandbox.connect(port),
      pod: `${target.namespace}/${target.pod}`,
      log: this.#log,
    };
    if (isWebSocket(upgrade.request)) {
      this.#webSocket(upgrade, (socket) =>
        socket.protocol === tunnelProtocol ? serveTunnel(socket, forward) : serveWebSocketPorts(socket, ports, forward),
      );
      return;
    }
    acceptUpgrade(upgrade, portForwardProtocol);
    this.#watch(servePortForward(upgrade.socket, forward));
  }

  close(): void {
    for (const client of this.#webSockets.clients) client.terminate();
    this.#webSockets.close();
  }

  #command(upgrade: Upgrade, wish: StreamWish, serve: (streams: CommandStreams) => Promise<void>): void {
    if (isWebSocket(upgrade.request)) {
      this.#webSocket(upgrade, (socket) => serve(acceptWebSocketCommand(socket, wish)));
      return;
    }
    const offered = String(upgrade.request.headers["x-stream-protocol-version"] ?? "")
      .split(",")
      .map((each) => each.trim());
    const protocol = commandProtocols.find((each) => offered.includes(each)) ?? "channel.k8s.io";
    acceptUpgrade(upgrade, protocol);
    this.#watch(acceptSpdyCommand(upgrade.socket, wish, { protocol, log: this.#log }).then(serve));
  }

  #webSocket({ request, socket, head }: Upgrade, serve: (socket: WebSocket) => Promise<void>): void {
    this.#webSockets.handleUpgrade(request, socket, head, (client) => this.#watch(serve(client)));
  }

  #watch(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#log(`stream: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
  }

  #worker({ namespace, pod }: { namespace: string; pod: string }): PodWorker {
    const worker = this.#pods.find(namespace, pod);
    if (worker === undefined) throw new KubeletError("not-found", `pod "${pod}" not found`);
    return worker;
  }

  #find(target: ContainerTarget): { worker: PodWorker; slot: ContainerSlot } {
    const worker = this.#worker(target);
    const slot = worker.slots.find((each) => each.container.name === target.container);
    if (slot === undefined) {
      throw new KubeletError("not-found", `container ${target.container} is not valid for pod ${target.pod}`);
    }
    return { worker, slot };
  }

  #running(target: ContainerTarget): { slot: ContainerSlot; running: NonNullable<ContainerSlot["active"]>["running"] } {
    const { slot } = this.#find(target);
    if (slot.active === undefined) {
      throw new KubeletError("not-found", `container not found (${JSON.stringify(target.container)})`);
    }
    return { slot, running: slot.active.running };
  }
}

/** How somebody who asks for the log is told that there is no image. */
const imageFailures: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};

function isWebSocket(request: IncomingMessage): boolean {
  return String(request.headers.upgrade ?? "").toLowerCase() === "websocket";
}

function acceptUpgrade({ socket, head }: Upgrade, protocol: string): void {
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Connection: Upgrade",
    "Upgrade: SPDY/3.1",
    `X-Stream-Protocol-Version: ${protocol}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
}
