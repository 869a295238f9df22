import { createSocket } from "node:dgram";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { dnsConnectionsMax, dnsIdleMs, dnsMessageBytesMax } from "../limits.ts";
import { NetworkError } from "../network-error.ts";
import { answerQuery } from "./answer-query.ts";
import type { ClusterZone } from "./cluster-zone.ts";
import { readQuery, recordTypes, responseCodes, writeAnswer } from "./dns-message.ts";
import type { DnsAnswer, DnsQuery, DnsRecord } from "./dns-message.ts";
import type { Forwarder } from "./forwarder.ts";

export interface DnsServerOptions {
  readonly host: string;
  /** 0: a free one, the same for UDP and TCP. */
  readonly port: number;
  readonly zone: () => ClusterZone;
  /** For names that are not the cluster's. */
  readonly forward: Forwarder | undefined;
  readonly log: (line: string) => void;
}

export interface DnsServer {
  readonly host: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

const attempts = 20;

/** Cluster DNS, over UDP and TCP. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const respond = (message: Buffer, overTcp: boolean): Promise<Buffer | undefined> => answer(message, overTcp, options);
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => serveConnection(socket, { respond, sockets, log: options.log }));
  tcp.maxConnections = dnsConnectionsMax;
  let udp: UdpSocket | undefined;
  for (let attempt = 1; udp === undefined; attempt += 1) {
    tcp.listen(options.port, options.host);
    await once(tcp, "listening");
    udp = await bindUdp(options.host, portOf(tcp.address()));
    if (udp !== undefined) break;
    tcp.close();
    await once(tcp, "close");
    if (options.port !== 0 || attempt === attempts)
      throw new NetworkError("address-taken", `cluster DNS: no port of ${options.host} is free for UDP and TCP`);
  }
  const bound = udp;
  bound.on("message", (message, from) => {
    respond(message, false)
      .then((bytes) => bytes && bound.send(bytes, from.port, from.address))
      .catch((error: unknown) => options.log(`cluster DNS: ${String(error)}`));
  });
  bound.on("error", (error) => options.log(`cluster DNS: ${error.message}`));
  return {
    host: options.host,
    port: portOf(tcp.address()),
    close: async () => {
      const closed = Promise.all([once(tcp, "close"), once(bound, "close")]);
      tcp.close();
      bound.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function bindUdp(host: string, port: number): Promise<UdpSocket | undefined> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

interface Connection {
  readonly respond: (message: Buffer, overTcp: boolean) => Promise<Buffer | undefined>;
  readonly sockets: Set<Socket>;
  readonly log: (line: string) => void;
}

/** Over TCP each message has its length before it. */
function serveConnection(socket: Socket, { respond, sockets, log }: Connection): void {
  sockets.add(socket);
  socket.setTimeout(dnsIdleMs, () => socket.destroy());
  socket.on("close", () => sockets.delete(socket));
  socket.on("error", (error) => socket.destroy(error));
  let pending = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      if (length > dnsMessageBytesMax) return void socket.destroy();
      if (pending.length < length + 2) return;
      const message = pending.subarray(2, length + 2);
      pending = pending.subarray(length + 2);
      respond(message, true)
        .then((answered) => answered && socket.write(Buffer.concat([lengthOf(answered), answered])))
        .catch((error: unknown) => log(`cluster DNS: ${String(error)}`));
    }
  });
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return length;
}

async function answer(message: Buffer, overTcp: boolean, options: DnsServerOptions): Promise<Buffer | undefined> {
  let query: DnsQuery;
  try {
    query = readQuery(message);
  } catch (error) {
    // Whoever sends what is no query gets no answer.
    if (error instanceof NetworkError) return undefined;
    throw error;
  }
  const bytesMax = overTcp ? dnsMessageBytesMax : query.bytesMax;
  const plain = (code: number): Buffer =>
    writeAnswer(query, { code, authoritative: false, answers: [], authority: [], additional: [] }, bytesMax);
  if (query.opcode !== 0) return plain(responseCodes.notImplemented);
  const own = answerQuery(query.question, options.zone());
  if (own !== undefined) return writeAnswer(query, await withTarget(own, query, options), bytesMax);
  if (options.forward === undefined) return plain(responseCodes.noSuchName);
  return (await options.forward.ask(message, overTcp)) ?? plain(responseCodes.serverFailure);
}

/** An alias into the cluster, or out of it, is followed, for the asker won't. */
async function withTarget(own: DnsAnswer, query: DnsQuery, options: DnsServerOptions): Promise<DnsAnswer> {
  const [alias] = own.answers;
  if (alias?.type !== "CNAME" || query.question.type === recordTypes.CNAME) return own;
  const inside = answerQuery({ ...query.question, name: alias.target.toLowerCase() }, options.zone());
  const found: readonly DnsRecord[] =
    inside === undefined ? ((await options.forward?.addresses(alias.target)) ?? []) : inside.answers;
  return { ...own, answers: [alias, ...found.filter((each) => recordTypes[each.type] === query.question.type)] };
}
