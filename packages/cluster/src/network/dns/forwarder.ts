import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { dnsForwardMs, dnsForwardsMax } from "../limits.ts";
import type { DnsRecord } from "./dns-message.ts";

/** Asks the machine's own name servers. */
export interface Forwarder {
  /** The answer as it came; undefined when nobody answered in time. */
  readonly ask: (message: Buffer, overTcp: boolean) => Promise<Buffer | undefined>;
  readonly addresses: (name: string) => Promise<DnsRecord[]>;
}

/** Those of resolv.conf, without the ones that lead back here. */
export function machineServers(path: string, without: readonly string[]): string[] {
  const text = readFileSync(path, "utf8");
  const found = [...text.matchAll(/^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gmu)].map((match) => match[1] ?? "");
  return found.filter((address) => !without.includes(address));
}

export function createForwarder(servers: readonly string[]): Forwarder | undefined {
  if (servers.length === 0) return undefined;
  const resolver = new Resolver({ timeout: dnsForwardMs, tries: 1 });
  resolver.setServers([...servers]);
  let underWay = 0;
  return {
    ask: async (message) => {
      if (underWay >= dnsForwardsMax) return undefined;
      underWay += 1;
      try {
        for (const server of servers) {
          const answered = await askOne(message, server);
          if (answered !== undefined) return answered;
        }
        return undefined;
      } finally {
        underWay -= 1;
      }
    },
    addresses: async (name) => {
      try {
        const found = await resolver.resolve4(name, { ttl: true });
        return found.map(({ address, ttl }) => ({ type: "A", name: name.toLowerCase(), ttl, address }));
      } catch {
        // No such name, or nobody who knows it: the alias alone is the answer.
        return [];
      }
    },
  };
}

async function askOne(message: Buffer, server: string): Promise<Buffer | undefined> {
  const socket = createSocket("udp4");
  try {
    return await new Promise<Buffer | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), dnsForwardMs);
      socket.on("message", (answered) => {
        // Only what carries the question's number answers it.
        if (answered.length < 12 || answered.readUInt16BE(0) !== message.readUInt16BE(0)) return;
        clearTimeout(timer);
        resolve(answered);
      });
      socket.on("error", () => {
        clearTimeout(timer);
        resolve(undefined);
      });
      socket.connect(53, server, (error?: Error) => {
        if (error === undefined) socket.send(message);
        else resolve(undefined);
      });
    });
  } finally {
    socket.close();
  }
}
