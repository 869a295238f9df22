import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import type { Endpoint, ServicePort } from "./service-table.ts";

export interface LoopbackServicesOptions {
  readonly reach: (clusterAddress: string) => string;
  readonly log: (line: string) => void;
}

interface Listener {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  port: ServicePort;
  turn: number;
}

/**
 * Services without a kernel that translates addresses: this process listens where they are reached and passes connections on to one endpoint
 * after the other. TCP alone; callers are all this machine, so that a session's affinity can't tell them apart and keeps one endpoint.
 */
export class LoopbackServices {
  readonly #options: LoopbackServicesOptions;
  readonly #listeners = new Map<string, Listener>();
  readonly #refused = new Set<string>();

  constructor(options: LoopbackServicesOptions) {
    this.#options = options;
  }

  async apply(ports: readonly ServicePort[]): Promise<void> {
    const wanted = new Map<string, ServicePort>();
    for (const port of ports) {
      if (port.protocol !== "tcp") continue;
      for (const address of port.clusterAddresses) wanted.set(`${this.#options.reach(address)}:${port.port}`, port);
      if (port.nodePort !== undefined) wanted.set(`127.0.0.1:${port.nodePort}`, port);
    }
    for (const [place, listener] of this.#listeners) {
      const port = wanted.get(place);
      // A service without endpoints refuses connections, as if nobody listened.
      if (port === undefined || port.endpoints.length === 0) await this.#end(place, listener);
      else listener.port = port;
    }
    for (const [place, port] of wanted) {
      if (port.endpoints.length > 0 && !this.#listeners.has(place)) await this.#begin(place, port);
    }
  }

  async close(_options: { readonly keep: boolean }): Promise<void> {
    for (const [place, listener] of this.#listeners) await this.#end(place, listener);
  }

  async #begin(place: string, port: ServicePort): Promise<void> {
    const [host = "", number = "0"] = place.split(":");
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => void passOn(socket, listener));
    const listener: Listener = { server, sockets, port, turn: 0 };
    server.listen(Number(number), host);
    try {
      await once(server, "listening");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!this.#refused.has(place)) this.#options.log(`service ${port.key} can't be reached at ${place}: ${why}`);
      this.#refused.add(place);
      return;
    }
    this.#refused.delete(place);
    this.#listeners.set(place, listener);
  }

  async #end(place: string, { server, sockets }: Listener): Promise<void> {
    this.#listeners.delete(place);
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }
}

async function passOn(caller: Socket, listener: Listener): Promise<void> {
  const { endpoints, affinitySeconds } = listener.port;
  const first = affinitySeconds === undefined ? listener.turn++ : 0;
  // One that has just gone is passed over.
  const order = endpoints.map((_, index) => endpoints[(first + index) % endpoints.length]);
  listener.sockets.add(caller);
  caller.once("close", () => listener.sockets.delete(caller));
  caller.on("error", () => caller.destroy());
  const target = await connectFirst(order);
  if (target === undefined || caller.destroyed) {
    target?.destroy();
    caller.destroy();
    return;
  }
  target.on("error", () => caller.destroy());
  caller.once("close", () => target.destroy());
  target.once("close", () => caller.destroy());
  caller.pipe(target).pipe(caller);
}

async function connectFirst(order: readonly (Endpoint | undefined)[]): Promise<Socket | undefined> {
  for (const endpoint of order) {
    if (endpoint === undefined) continue;
    const socket = connect({ host: endpoint.address, port: endpoint.port, allowHalfOpen: true });
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isUp) return socket;
  }
  return undefined;
}
