import type { ClusterZone } from "./cluster-zone.ts";
import { recordTypes, responseCodes } from "./dns-message.ts";
import type { DnsAnswer, DnsQuestion, DnsRecord } from "./dns-message.ts";

const internet = 1;
const podName = /^(\d+)-(\d+)-(\d+)-(\d+)\.[a-z0-9-]+\.pod\./u;

/** What the cluster's own names answer; undefined for a name that is none of the cluster's business. */
export function answerQuery(question: DnsQuestion, zone: ClusterZone): DnsAnswer | undefined {
  const { name, type } = question;
  const isReverse = name.endsWith(".in-addr.arpa");
  const known = zone.records.get(name);
  if (question.class !== internet || (!isWithin(name, zone.domain) && !isReverse)) return undefined;
  // An address of somebody else's: their servers may know it.
  if (isReverse && known === undefined) return undefined;
  const pod = podAddress(name, zone.domain);
  if (known === undefined && pod === undefined) return answer(zone, [], responseCodes.noSuchName);
  const records: readonly DnsRecord[] = known ?? [{ type: "A", name, ttl: 5, address: pod ?? "" }];
  const alias = records.find((record) => record.type === "CNAME");
  if (alias !== undefined) return answer(zone, [alias], responseCodes.ok);
  const asked = records.filter((record) => type === recordTypes.ANY || recordTypes[record.type] === type);
  const targets = asked.flatMap((record) => (record.type === "SRV" ? [record.target] : []));
  const additional = targets.flatMap((target) => (zone.records.get(target) ?? []).filter((each) => each.type === "A"));
  return { ...answer(zone, shuffled(asked), responseCodes.ok), additional };
}

function answer(zone: ClusterZone, answers: readonly DnsRecord[], code: number): DnsAnswer {
  const start: DnsRecord = { type: "SOA", name: zone.domain, ttl: 5, domain: zone.domain };
  return { code, authoritative: true, answers, authority: answers.length === 0 ? [start] : [], additional: [] };
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** `10-1-2-3.default.pod.cluster.local` says its address itself. */
function podAddress(name: string, domain: string): string | undefined {
  const match = name.endsWith(`.pod.${domain}`) ? podName.exec(name) : null;
  const address = match?.slice(1, 5);
  return address?.every((part) => Number(part) <= 255) === true ? address.join(".") : undefined;
}

let turn = 0;

/** Askers take the first of several addresses: each time it is another one. */
function shuffled<T>(records: readonly T[]): T[] {
  if (records.length < 2) return [...records];
  turn = (turn + 1) % records.length;
  return [...records.slice(turn), ...records.slice(0, turn)];
}
