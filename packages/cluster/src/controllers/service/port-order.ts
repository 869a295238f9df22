import type { BackendPort } from "./backend.ts";

const prime = 0x1000000000000000000013bn;
const start = 0x6c62272e07bb014262b821756295c58dn;
const mask = (1n << 128n) - 1n;

/** The order in which Kubernetes writes the ports of a slice: by a hash of the words in which Go shows them. */
export function inPortOrder(ports: readonly BackendPort[]): BackendPort[] {
  if (ports.length < 2) return [...ports];
  return ports
    .map((port) => ({ port, rank: fnv128a(wordsOf(port)) }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ port }) => port);
}

function wordsOf({ name, protocol, port, appProtocol = "<nil>" }: BackendPort): string {
  const words = `Name:(*string)${name} Protocol:(*v1.Protocol)${protocol} Port:(*int32)${port}`;
  return `(v1.EndpointPort){${words} AppProtocol:(*string)${appProtocol}}`;
}

function fnv128a(text: string): bigint {
  let hash = start;
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * prime) & mask;
  return hash;
}
